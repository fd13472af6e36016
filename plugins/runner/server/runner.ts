/**
 * Called by the routes: starts, waits for and cancels runs and passes. Once started, a
 * run belongs to the queue; callers may stop waiting.
 */

import { Readable } from 'node:stream';
import { Unavailable } from '@ved/core/contract';
import type { PassDetail } from '@ved/runner/contract';
import { Execution, isFinal } from '@ved/runner/contract';
import type { EngineSelection } from './engine-selection.ts';
import { withInterpreter } from './interpreters/run-needs.ts';
import type { ChangeSignals } from './live/change-signals.ts';
import type { RunRequest, RunRequests } from './run-requests.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import type { PassStore } from './store/pass-store.ts';
import type { RunStore } from './store/run-store.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Engines end a cancelled run immediately; if it takes longer, the response has the state so far. */
const CANCEL_WAIT_MS = 5_000;
/** How much of a long response is generated ahead of the client. */
const PIECE_BYTES = 64 * 1024;

export interface RunnerParts {
  readonly runs: RunStore;
  readonly passes: PassStore;
  readonly requests: RunRequests;
  readonly selection: EngineSelection;
  readonly scheduler: Scheduler;
  readonly runSignals: ChangeSignals;
  readonly passSignals: ChangeSignals;
}

export class Runner {
  constructor(private readonly parts: RunnerParts) {}

  /** Returns the id of the run. Throws what `RunRequests` and `withInterpreter` throw, and Unavailable without an engine. */
  async startRun(scriptId: number, request: RunRequest, startedBy: string): Promise<number> {
    const run = await this.parts.requests.run(scriptId, request, startedBy);
    const { capabilities } = await this.parts.selection.require();
    return this.parts.scheduler.addRun(withInterpreter(run, capabilities));
  }

  async startPass(request: Parameters<RunRequests['pass']>[0], startedBy: string): Promise<number> {
    const pass = await this.parts.requests.pass(request, startedBy);
    await this.parts.selection.require();
    return this.parts.scheduler.addPass(pass);
  }

  /** The run once it is final. */
  async finishedRun(runId: number, signal: AbortSignal): Promise<Execution> {
    const { runs, runSignals, scheduler } = this.parts;
    const watch = runSignals.watch(runId);
    try {
      for (;;) {
        // A run in this process is not read before it has ended: that would only slow it down.
        const ranHere = await unlessAborted(scheduler.whenEnded(runId), signal, () => stoppedWaiting(`run ${runId}`));
        const execution = await (ranHere ? runs.endedExecution(runId) : runs.execution(runId));
        if (isFinal(execution.status)) return execution;
        await watch.changed(signal);
      }
    } finally {
      watch.close();
    }
  }

  /** The runs of a finished pass in order, as the text of a JSON array. Streamed, because it may include the output of hundreds of runs. */
  async finishedPass(passId: number, signal: AbortSignal): Promise<Readable> {
    const { runs, passes, passSignals } = this.parts;
    await until(passSignals, passId, signal, async () => (await passes.row(passId)).finished_at !== null);
    if (signal.aborted) throw stoppedWaiting(`pass ${passId}`);
    const ids = (await passes.runs(passId)).map(({ id }) => id);
    async function* members(): AsyncGenerator<string> {
      for (const [at, id] of ids.entries()) yield `${at === 0 ? '[' : ','}${JSON.stringify(Execution.parse(await runs.execution(id)))}`;
      yield ids.length === 0 ? '[]' : ']';
    }
    return Readable.from(members(), { objectMode: false, highWaterMark: PIECE_BYTES });
  }

  /** Cancels a run; does nothing if it has ended. Throws NotFound. */
  async cancelRun(runId: number, by: string): Promise<Execution> {
    const { runs, scheduler, runSignals } = this.parts;
    await runs.row(runId);
    const reason = `Cancelled by ${by}.`;
    if (await scheduler.cancelRun(runId, reason)) {
      const limit = AbortSignal.timeout(CANCEL_WAIT_MS);
      await until(runSignals, runId, limit, async () => isFinal((await runs.row(runId)).status));
    }
    return runs.execution(runId);
  }

  /** Cancels the rest of a pass. Throws NotFound. */
  async cancelPass(passId: number, by: string): Promise<PassDetail> {
    const { passes, scheduler, passSignals } = this.parts;
    await passes.row(passId);
    const reason = `Cancelled by ${by}.`;
    await scheduler.cancelPass(passId, reason);
    await until(passSignals, passId, AbortSignal.timeout(CANCEL_WAIT_MS), async () => (await passes.row(passId)).finished_at !== null);
    return passes.detail(passId);
  }
}

/** Resolves when `holds` returns true, checked after each change, or when the signal fires. */
async function until(signals: ChangeSignals, id: number, signal: AbortSignal, holds: () => Promise<boolean>): Promise<void> {
  const watch = signals.watch(id);
  try {
    while (!(await holds()) && !signal.aborted) await watch.changed(signal);
  } finally {
    watch.close();
  }
}

/** Waiting ends early only when the server stops or the connection closes; the run itself continues or stays queued. */
function stoppedWaiting(what: string): Unavailable {
  return new Unavailable(
    'runner/stopped-waiting',
    `The server stopped before ${what} ended. It is stored: look it up when the server is back.`,
    // A restart takes a second or two.
    { headers: { 'Retry-After': '5' } },
  );
}
