/**
 * The events of one pass, read from the store: `run` for each run that changed,
 * `status` after them, `output` of running ones, `done` at the end. An id is a
 * `PassPosition`: a follower resumes with the latest state of everything that changed
 * since, and with all output that it has not received. Changes in quick succession
 * are combined.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerSentEvent } from '@ved/core/server';
import { isFinal, type PassOutput } from '@ved/runner/contract';
import type { PassStore } from '../store/pass-store.ts';
import { type PassRow, type RunRow, toPass, toPassRun } from '../store/rows.ts';
import type { RunStore } from '../store/run-store.ts';
import type { ChangeSignals } from './change-signals.ts';
import { PassPosition } from './pass-position.ts';

/** Between two reads of a pass for one follower: short scripts end a hundred times a second, faster than anyone can see. */
const PACE_MS = 50;

export interface PassEventsParts {
  readonly runs: RunStore;
  readonly passes: PassStore;
  readonly runSignals: ChangeSignals;
  readonly passSignals: ChangeSignals;
}

export class PassEvents {
  constructor(private readonly parts: PassEventsParts) {}

  /** Whether a follower that resumes with this id has received everything. Throws NotFound. */
  async isUpToDate(passId: number, lastEventId: string | null): Promise<boolean> {
    const pass = await this.parts.passes.row(passId);
    return pass.finished_at !== null && PassPosition.of(lastEventId, null).revision >= pass.revision;
  }

  /** Ends after `done`, or when `signal` fires. Throws NotFound before the first event. */
  async *follow(passId: number, lastEventId: string | null, withOutput: boolean, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const { passes, runSignals, passSignals } = this.parts;
    const watch = passSignals.watch(passId);
    const position = PassPosition.of(lastEventId, withOutput ? (runId) => watch.follow(runSignals, runId) : null);
    try {
      if (position.revision > 0) for (const runId of await passes.running(passId)) position.follow(runId);
      while (!signal.aborted) {
        const readAt = performance.now();
        const pass = await passes.row(passId);
        if (pass.revision > position.revision) yield* this.changed(pass, position);
        for (const runId of position.followed) yield* this.output(runId, position);
        if (pass.finished_at !== null) return;
        await watch.changed(signal);
        const earlyMs = PACE_MS - (performance.now() - readAt);
        if (earlyMs > 0) await pause(earlyMs, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      watch.close();
    }
  }

  /** The pass was read before its runs: a run that changed in between has a higher revision and is sent next time. */
  private async *changed(pass: PassRow, position: PassPosition): AsyncGenerator<ServerSentEvent> {
    for (const run of await this.parts.passes.runsSince(pass.id, position.revision)) {
      if (run.pass_revision! >= pass.revision) continue;
      yield* this.run(run, position);
    }
    position.revision = pass.revision;
    yield { id: `${position}`, event: pass.finished_at === null ? 'status' : 'done', data: toPass(pass) };
  }

  /** Its output comes before its end. */
  private async *run(run: RunRow, position: PassPosition): AsyncGenerator<ServerSentEvent> {
    if (run.started_at !== null) position.follow(run.id);
    if (isFinal(run.status)) {
      if (position.followed.includes(run.id)) yield* this.output(run.id, position);
      position.unfollow(run.id);
    }
    position.revision = run.pass_revision!;
    yield { id: `${position}`, event: 'run', data: toPassRun(run) };
  }

  private async *output(runId: number, position: PassPosition): AsyncGenerator<ServerSentEvent> {
    for (;;) {
      const chunks = await this.parts.runs.chunksFrom(runId, position.lastOutput(runId) + 1);
      if (chunks.length === 0) return;
      for (const chunk of chunks) {
        position.sentOutput(runId, chunk.seq);
        yield { id: `${position}`, event: 'output', data: { run_id: runId, ...chunk } satisfies PassOutput };
      }
    }
  }
}
