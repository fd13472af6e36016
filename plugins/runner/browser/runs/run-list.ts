/** The newest runs, of all scripts or of one, kept up to date and continued backwards on demand. */
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { createClient, type LiveEvents } from '@ved/core/browser';
import { type RunListItem, runChanged, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);
const PAGE = 100;

export class RunList implements IDisposable {
  readonly changed = new Signal<this, void>(this);
  runs: readonly RunListItem[] = [];
  error: Error | null = null;
  loaded = false;
  /** Whether there are older ones. */
  more = false;
  #scriptId: number | null = null;
  readonly #subscriptions = new DisposableSet();

  constructor(private readonly live: LiveEvents) {
    this.#subscriptions.add(live.on(runChanged, ({ run }) => this.#take(run)));
    live.resumed.connect(this.reload, this);
  }

  /** Null for all scripts. */
  get scriptId(): number | null {
    return this.#scriptId;
  }

  get isDisposed(): boolean {
    return this.#subscriptions.isDisposed;
  }
  dispose(): void {
    this.live.resumed.disconnect(this.reload, this);
    this.#subscriptions.dispose();
    Signal.clearData(this);
  }

  ofScript(scriptId: number | null): void {
    this.#scriptId = scriptId;
    this.reload();
  }

  reload(): void {
    void this.#load(undefined);
  }

  older(): void {
    void this.#load(this.runs.at(-1)?.id);
  }

  async #load(before: number | undefined): Promise<void> {
    const script = this.#scriptId ?? undefined;
    try {
      const page = await client.listRuns({ query: { script, before } });
      if (script !== (this.#scriptId ?? undefined)) return;
      this.runs = before === undefined ? page : [...this.runs, ...page];
      this.more = page.length === PAGE;
      this.error = null;
      this.loaded = true;
    } catch (error) {
      this.error = error as Error;
    }
    this.changed.emit();
  }

  #take(run: RunListItem): void {
    if (!this.loaded || (this.#scriptId !== null && run.script_id !== this.#scriptId)) return;
    const known = this.runs.some((each) => each.id === run.id);
    this.runs = known ? this.runs.map((each) => (each.id === run.id ? run : each)) : [run, ...this.runs].sort((a, b) => b.id - a.id);
    this.changed.emit();
  }
}
