/**
 * A layout restorer that trusts nothing that was stored. It does not wait for
 * ever: one part that cannot fetch its data must not keep the whole workspace
 * closed. And it knows which widgets came back, so that one that the layout
 * does not mention can be shown all the same.
 */
import { type ILabShell, LayoutRestorer } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { IRestorer } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import { soundLayout } from './sound-layout.ts';

/** Longer than a loaded server takes. What comes later is still opened, in its usual place. */
const LIMIT_MS = 5000;

export class PatientRestorer extends LayoutRestorer {
  /** A widget is kept under another name from now on: the layout that was kept names it by the old one. */
  readonly renamed = new Signal<this, void>(this);
  private readonly known = new Set<Widget>();

  constructor(options: LayoutRestorer.IOptions) {
    const { connector } = options;
    const fetch = async (id: string) => notTooDeep(await connector.fetch(id));
    super({ ...options, connector: Object.create(connector, { fetch: { value: fetch } }) });
  }

  /** Widgets that were to come back and are nowhere on the page. */
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

/** The restorer and the shell follow the areas of a dock by recursion, and nobody splits one in such depth. */
const MAX_DOCK_DEPTH = 100;

/** A stored value as it is, but a layout without its dock where that is nested too deep to be followed. */
function notTooDeep(stored: ReadonlyPartialJSONValue | undefined): ReadonlyPartialJSONValue | undefined {
  const main = member(stored, 'main');
  return depthOf(member(main, 'dock')) > MAX_DOCK_DEPTH
    ? { ...(stored as ReadonlyPartialJSONObject), main: { ...(main as ReadonlyPartialJSONObject), dock: null } }
    : stored;
}

/** How many areas lie in each other; by levels, because recursion is what it guards. */
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

/** Not by p-timeout, which makes its error ahead: with a debugger attached, V8 reads the whole bundle again for where it was made. */
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
