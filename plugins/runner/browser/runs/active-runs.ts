/** Every queued or running run, by anyone and in any pass: what the catalog and the editors show, and what can be stopped. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { LiveEvents } from '@ved/core/browser';
import { createClient, LiveList } from '@ved/core/browser';
import { type ActiveRuns, isFinal, type RunListItem, runChanged, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

/** The server's page size. */
const PAGE = 100;

export class LiveActiveRuns extends LiveList implements ActiveRuns, IDisposable {
  /** A run was queued, started or ended. */
  readonly activeChanged: Signal<ActiveRuns, void> = new Signal<ActiveRuns, void>(this);
  private runsById: ReadonlyMap<number, RunListItem> = new Map();
  /** Changes received while a request is in flight: they are newer than its response. */
  private since: Map<number, RunListItem> = new Map();

  constructor(live: LiveEvents) {
    super(live);
    this.on(runChanged, ({ run }) => this.take(run));
    this.reload();
  }

  get runs(): readonly RunListItem[] {
    return [...this.runsById.values()];
  }

  /** A running run before a queued one, then the newest. */
  ofScript(scriptId: number): RunListItem | null {
    let found: RunListItem | null = null;
    for (const run of this.runsById.values()) if (run.script_id === scriptId && (!found || comesBefore(run, found))) found = run;
    return found;
  }

  reload(): void {
    const since = new Map<number, RunListItem>();
    this.since = since;
    const ask = async () => [...(await allOf('running')), ...(await allOf('queued'))];
    void this.load(
      ask,
      () => this.since === since,
      (runs) => {
        const active = new Map(runs.map((run) => [run.id, run]));
        for (const run of since.values()) put(active, run);
        this.change(active);
      },
    );
  }

  /** Accepts a run's state from elsewhere, such as from the panel that follows it. */
  take(run: RunListItem): void {
    this.since.set(run.id, run);
    const known = this.runsById.get(run.id);
    if (known?.status === run.status || (!known && isFinal(run.status))) return;
    const active = new Map(this.runsById);
    put(active, run);
    this.change(active);
  }

  private change(active: ReadonlyMap<number, RunListItem>): void {
    this.runsById = active;
    this.activeChanged.emit();
  }
}

function put(active: Map<number, RunListItem>, run: RunListItem): void {
  if (isFinal(run.status)) active.delete(run.id);
  else if (run.status === 'running' || active.get(run.id)?.status !== 'running') active.set(run.id, run);
}

function comesBefore(a: RunListItem, b: RunListItem): boolean {
  return a.status === b.status ? a.id > b.id : a.status === 'running';
}

async function allOf(status: 'queued' | 'running'): Promise<RunListItem[]> {
  const all: RunListItem[] = [];
  for (let isMore = true; isMore; ) {
    const page = await client.listRuns({ query: { status, before: all.at(-1)?.id } });
    all.push(...page);
    isMore = page.length === PAGE;
  }
  return all;
}
