/**
 * Repairs a stored layout before the shell gets it. The restorer has looked up
 * the widgets; this fixes the rest: invalid sizes, repeated widgets (the shell
 * would sort them forever), unknown kinds of areas.
 */
import type { ILabShell } from '@jupyterlab/application';
import type { DockLayout, Widget } from '@lumino/widgets';

type Area = DockLayout.AreaConfig;

/** A valid layout is returned unchanged; never throws, whatever is stored. */
export function soundLayout(layout: ILabShell.ILayout): ILabShell.ILayout {
  const { mainArea, downArea, leftArea, rightArea, relativeSizes } = layout;
  const once = firstUse();
  return {
    ...layout,
    // In this order, because a repeated widget belongs in the Main Area.
    mainArea: mainArea && { ...mainArea, dock: mainArea.dock && { main: soundArea(mainArea.dock.main, once) } },
    leftArea: leftArea && { ...leftArea, widgets: once(leftArea.widgets) },
    rightArea: rightArea && { ...rightArea, widgets: once(rightArea.widgets) },
    downArea: downArea && { ...downArea, size: isSize(downArea.size) ? downArea.size : 0, widgets: once(downArea.widgets) },
    relativeSizes: relativeSizes && areSizes(relativeSizes, 3) ? relativeSizes : null,
  };
}

/** A filter that lets each widget through once. */
function firstUse() {
  const used = new Set<Widget>();
  return (widgets: readonly Widget[] | null): Widget[] | null => widgets?.filter((widget) => !used.has(widget) && used.add(widget)) ?? null;
}

function soundArea(area: Area | null, once: ReturnType<typeof firstUse>): Area | null {
  if (!area) return null;
  if (area.type === 'tab-area') {
    const widgets = once(area.widgets) ?? [];
    const { currentIndex } = area;
    const isThere = Number.isInteger(currentIndex) && currentIndex >= 0 && currentIndex < widgets.length;
    return widgets.length === 0 ? null : { ...area, widgets, currentIndex: isThere ? currentIndex : 0 };
  }
  const children = area.children.map((child) => soundArea(child, once));
  const kept = children.flatMap((child, index) => (child ? [{ child, size: area.sizes[index] }] : []));
  if (kept.length < 2) return kept[0]?.child ?? null;
  const sizes = kept.map(({ size }) => size);
  return {
    type: 'split-area',
    orientation: area.orientation === 'vertical' ? 'vertical' : 'horizontal',
    children: kept.map(({ child }) => child),
    sizes: areSizes(sizes, kept.length) ? sizes : kept.map(() => 1),
  };
}

function areSizes(sizes: unknown, count: number): sizes is number[] {
  return Array.isArray(sizes) && sizes.length === count && sizes.every(isSize) && sizes.some((size) => size > 0);
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
