/**
 * A layout restorer that does not trust stored data. It limits how long it waits,
 * so that one part that cannot fetch its data does not keep the whole workspace
 * closed. It remembers the restored widgets, so that those missing in the layout
 * can be shown anyway.
 */
import { type ILabShell, LayoutRestorer } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IRestorer } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import { soundLayout } from './sound-layout.ts';

/** Longer than a loaded server takes. Widgets restored later still open, in their default area. */
const LIMIT_MS = 5000;

export class PatientRestorer extends LayoutRestorer {
  /** A widget has a new name, so the saved layout still has the old one. */
  readonly renamed = new Signal<this, void>(this);
  private readonly known = new Set<Widget>();

  constructor(options: LayoutRestorer.IOptions) {
    const { connector } = options;
    const fetch = async (id: string) => notTooDeep(await connector.fetch(id));
    super({ ...options, connector: Object.create(connector, { fetch: { value: fetch } }) });
  }

  /** Restored widgets that are nowhere on the page. */
  get strays(): readonly Widget[] {
    return [...this.known].filter((widget) => !widget.isDisposed && widget.parent === null);
  }

  override add(widget: Widget, name: string): void {
    super.add(widget, name);
    this.known.add(widget);
    widget.disposed.connect(() => this.known.delete(widget));
  }

  override async fetch(): Promise<ILabShell.ILayout> {
    return soundLayout(await super.fetch());
  }

  override restore(tracker: WidgetTracker, options: IRestorer.IOptions<Widget>): Promise<void> {
    tracker.widgetUpdated.connect(() => this.renamed.emit());
    const restore = (given: Parameters<WidgetTracker['restore']>[0]) => withinLimit(tracker.restore(given));
    return super.restore(Object.create(tracker, { restore: { value: restore } }), options);
  }
}

/** The restorer and the shell process the areas of a dock recursively; no user splits it this deep. */
const MAX_DOCK_DEPTH = 100;

/** The stored value unchanged, except a layout whose dock is nested too deep, which loses its dock. */
function notTooDeep(stored: ReadonlyPartialJSONValue | undefined): ReadonlyPartialJSONValue | undefined {
  const main = member(stored, 'main');
  return depthOf(member(main, 'dock')) > MAX_DOCK_DEPTH
    ? { ...(stored as ReadonlyPartialJSONObject), main: { ...(main as ReadonlyPartialJSONObject), dock: null } }
    : stored;
}

/** The nesting depth of areas; level by level, since this guards against recursion. */
function depthOf(area: unknown): number {
  let depth = 0;
  for (let level = [area]; level.length > 0 && depth <= MAX_DOCK_DEPTH; depth++)
    level = level.flatMap((each) => {
      const children = member(each, 'children');
      return Array.isArray(children) ? children : [];
    });
  return depth;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Not p-timeout, which creates its error in advance: with a debugger attached, V8 would parse the whole bundle again for its stack. */
async function withinLimit<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
