/**
 * The events of one pass, told from the store: `run` for each run that changed,
 * `status` after them, `output` of those that go on, `done` at the end. An id
 * is a `PassPlace`: a follower resumes with the newest state of all that changed
 * since, and with every output that it has not had. Changes that follow each
 * other closely are told together.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerSentEvent } from '@ved/core/server';
import { isFinal, type PassOutput } from '@ved/runner/contract';
import type { PassStore } from '../store/pass-store.ts';
import { type PassRow, type RunRow, toPass, toPassRun } from '../store/rows.ts';
import type { RunStore } from '../store/run-store.ts';
import type { ChangeSignals } from './change-signals.ts';
import { PassPlace } from './pass-place.ts';

/** Between two looks at a pass for one follower: short scripts end a hundred times a second, and nobody sees each. */
const PACE_MS = 50;

export interface PassEventsParts {
  readonly runs: RunStore;
  readonly passes: PassStore;
  readonly runSignals: ChangeSignals;
  readonly passSignals: ChangeSignals;
}

export class PassEvents {
  constructor(private readonly parts: PassEventsParts) {}

  /** Whether a follower that comes back with this id has been told everything. Throws NotFound. */
  async isTold(passId: number, lastEventId: string | null): Promise<boolean> {
    const pass = await this.parts.passes.row(passId);
    return pass.finished_at !== null && PassPlace.of(lastEventId, null).revision >= pass.revision;
  }

  /** `withOutput` tells what the runs write, too. Ends after `done`, or when `signal` fires. Throws NotFound before the first event. */
  async *follow(passId: number, lastEventId: string | null, withOutput: boolean, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const { passes, runSignals, passSignals } = this.parts;
    const watch = passSignals.watch(passId);
    const place = PassPlace.of(lastEventId, withOutput ? (runId) => watch.follow(runSignals, runId) : null);
    try {
      if (place.revision > 0) for (const runId of await passes.running(passId)) place.goesOn(runId);
      while (!signal.aborted) {
        const looked = performance.now();
        const pass = await passes.row(passId);
        if (pass.revision > place.revision) yield* this.changed(pass, place);
        for (const runId of place.going) yield* this.output(runId, place);
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
  private async *changed(pass: PassRow, place: PassPlace): AsyncGenerator<ServerSentEvent> {
    for (const run of await this.parts.passes.runsSince(pass.id, place.revision)) {
      if (run.pass_revision! >= pass.revision) continue;
      yield* this.run(run, place);
    }
    place.revision = pass.revision;
    yield { id: `${place}`, event: pass.finished_at === null ? 'status' : 'done', data: toPass(pass) };
  }

  /** What it wrote comes before its end. */
  private async *run(run: RunRow, place: PassPlace): AsyncGenerator<ServerSentEvent> {
    if (run.started_at !== null) place.goesOn(run.id);
    if (isFinal(run.status)) {
      if (place.going.includes(run.id)) yield* this.output(run.id, place);
      place.isOver(run.id);
    }
    place.revision = run.pass_revision!;
    yield { id: `${place}`, event: 'run', data: toPassRun(run) };
  }

  private async *output(runId: number, place: PassPlace): AsyncGenerator<ServerSentEvent> {
    for (;;) {
      const chunks = await this.parts.runs.chunksFrom(runId, place.lastOutput(runId) + 1);
      if (chunks.length === 0) return;
      for (const chunk of chunks) {
        place.toldOutput(runId, chunk.seq);
        yield { id: `${place}`, event: 'output', data: { run_id: runId, ...chunk } satisfies PassOutput };
      }
    }
  }
}
