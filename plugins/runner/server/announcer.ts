/** Publishes changes to the workspace: each state of a run, passes at most a few times a second, the engines. */
import type { EventBus } from '@ved/core/server';
import { enginesChanged, passChanged, runChanged } from '@ved/runner/contract';
import type { Logger } from 'pino';
import type { Changes } from './scheduler/run-queue.ts';
import type { PassStore } from './store/pass-store.ts';
import { toListItem, toPass } from './store/rows.ts';
import type { RunStore } from './store/run-store.ts';

/** Often enough for a smooth progress bar. */
const PACE_MS = 150;

export class Announcer {
  private readonly runs = new Map<number, string>();
  private readonly dueRuns = new Set<number>();
  private readonly duePasses = new Set<number>();
  private enginesDue = false;
  private timer: NodeJS.Timeout | null = null;
  private publishing: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: EventBus,
    private readonly runStore: RunStore,
    private readonly passStore: PassStore,
    private readonly log: Logger,
  ) {}

  /** Accepts the changes of a durable step; they are published after `PACE_MS`. */
  changed(changes: Changes): void {
    for (const id of changes.runs) this.dueRuns.add(id);
    for (const id of changes.passes) this.duePasses.add(id);
    this.schedule();
  }

  enginesChanged(): void {
    this.enginesDue = true;
    this.schedule();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.publishing;
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.publishing = this.publishing
        .then(() => this.publish())
        .catch((error: unknown) => this.log.error({ err: error }, 'changes were not announced'));
    }, PACE_MS);
  }

  private async publish(): Promise<void> {
    const [runs, passes, engines] = [take(this.dueRuns), take(this.duePasses), this.enginesDue];
    this.enginesDue = false;
    if (engines) this.events.publish(enginesChanged, {});
    for (const row of await this.runStore.rows(runs)) {
      // New output alone is not a change of state.
      const state = `${row.status} ${row.interpreter} ${row.reason}`;
      if (this.runs.get(row.id) === state) continue;
      if (row.finished_at === null) this.runs.set(row.id, state);
      else this.runs.delete(row.id);
      this.events.publish(runChanged, { run: toListItem(row), status: row.status });
    }
    for (const row of await this.passStore.rows(passes)) this.events.publish(passChanged, { pass: toPass(row) });
  }
}

function take(ids: Set<number>): number[] {
  const taken = [...ids];
  ids.clear();
  return taken;
}
