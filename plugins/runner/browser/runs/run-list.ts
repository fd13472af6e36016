/** The newest runs, of all scripts or of one, kept up to date and continued backwards on demand. */
import { createClient, type LiveEvents, LiveList } from '@ved/core/browser';
import { type RunListItem, runChanged, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);
const PAGE = 100;

export class RunList extends LiveList {
  runs: readonly RunListItem[] = [];
  /** Whether there are older ones. */
  more = false;
  #scriptId: number | null = null;

  constructor(live: LiveEvents) {
    super(live);
    this.on(runChanged, ({ run }) => this.#take(run));
  }

  /** Null for all scripts. */
  get scriptId(): number | null {
    return this.#scriptId;
  }

  ofScript(scriptId: number | null): void {
    this.#scriptId = scriptId;
    this.reload();
  }

  reload(): void {
    this.#loadPage(undefined);
  }

  older(): void {
    this.#loadPage(this.runs.at(-1)?.id);
  }

  #loadPage(before: number | undefined): void {
    const script = this.#scriptId ?? undefined;
    void this.load(
      () => client.listRuns({ query: { script, before } }),
      () => script === (this.#scriptId ?? undefined),
      (page) => {
        this.runs = before === undefined ? page : [...this.runs, ...page];
        this.more = page.length === PAGE;
      },
    );
  }

  #take(run: RunListItem): void {
    if (!this.loaded || (this.#scriptId !== null && run.script_id !== this.#scriptId)) return;
    const known = this.runs.some((each) => each.id === run.id);
    this.runs = known ? this.runs.map((each) => (each.id === run.id ? run : each)) : [run, ...this.runs].sort((a, b) => b.id - a.id);
    this.changed.emit();
  }
}
