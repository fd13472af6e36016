/**
 * The events of one pass, told from the store: `run` for each run that
 * changed, `status` after them, `done` at the end. Ids are revisions of the
 * pass: a follower resumes with the newest state of all that changed since.
 * Changes that follow each other closely are told together.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerSentEvent } from '@ved/core/server';
import type { PassStore } from '../store/pass-store.ts';
import { type PassRow, toPass, toPassRun } from '../store/rows.ts';
import type { ChangeSignals } from './change-signals.ts';
import { idAfter } from './run-events.ts';

/** Between two looks at a pass for one follower: short scripts end a hundred times a second, and nobody sees each. */
const PACE_MS = 50;

export class PassEvents {
  constructor(
    private readonly store: PassStore,
    private readonly signals: ChangeSignals,
  ) {}

  /** Ends after `done`, or when `signal` fires. Throws NotFound before the first event. */
  async *follow(passId: number, lastEventId: string | null, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const watch = this.signals.watch(passId);
    try {
      let seen = idAfter(lastEventId) - 1;
      while (!signal.aborted) {
        const looked = performance.now();
        const pass = await this.store.row(passId);
        if (pass.revision > seen) yield* this.told(pass, seen);
        seen = Math.max(seen, pass.revision);
        if (pass.finished_at !== null) return;
        await watch.changed(signal);
        const early = PACE_MS - (performance.now() - looked);
        if (early > 0) await pause(early, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      watch.close();
    }
  }

  /** The pass was read before its runs: one that changed in between has a higher revision and is told with the next. */
  private async *told(pass: PassRow, seen: number): AsyncGenerator<ServerSentEvent> {
    for (const run of await this.store.runsSince(pass.id, seen)) {
      const revision = run.pass_revision ?? 0;
      if (revision < pass.revision) yield { id: revision, event: 'run', data: toPassRun(run) };
    }
    yield { id: pass.revision, event: pass.finished_at === null ? 'status' : 'done', data: toPass(pass) };
  }
}
