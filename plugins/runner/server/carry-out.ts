/** Carries one claimed run out on an engine, from its first byte of output to its outcome. Never throws. */
import type { Engine, Exit } from '@ved/runner/contract';
import type { Logger } from 'pino';
import { FIRST_OUTPUT_ID } from './live/run-events.ts';
import { OutputRecorder } from './output/output-recorder.ts';
import type { ClaimedRun, Outcome, RunQueue } from './queue/run-queue.ts';
import { retrying } from './retrying.ts';

/** Runs that share a lane may share a container: those of one pass, or one person's own. */
export function laneOf(run: ClaimedRun): string {
  return run.passId === null ? `person:${run.startedBy}` : `pass:${run.passId}`;
}

export interface Carrying {
  readonly run: ClaimedRun;
  readonly engine: Engine;
  /** Fires with the reason, for a person, when the run is to end. */
  readonly signal: AbortSignal;
  readonly queue: RunQueue;
  readonly log: Logger;
}

/** Answers with the outcome once it is durable. */
export async function carryOut(carrying: Carrying): Promise<Outcome> {
  const { run, queue, log } = carrying;
  const recorder = new OutputRecorder(FIRST_OUTPUT_ID, (chunks) => queue.append(run.id, chunks));
  const exit = await execute(carrying, recorder);
  const lastChunks = await recorder.end();
  const outcome: Outcome = {
    status: exit.status,
    exitCode: exit.exitCode,
    reason: exit.status === 'cancelled' && carrying.signal.aborted ? String(carrying.signal.reason) : exit.reason,
    durationMs: exit.durationMs,
    peakMemoryBytes: exit.peakMemoryBytes,
    truncated: recorder.truncated,
  };
  // Until it is kept the run stays "running"; a full disk or a locked database is waited for, the end of the server is not.
  await retrying(() => queue.finish(run.id, outcome, lastChunks), log, `run ${run.id} could not be ended in the database`);
  return outcome;
}

async function execute({ run, engine, signal, log }: Carrying, recorder: OutputRecorder): Promise<Exit> {
  const began = performance.now();
  const failed = (reason: string): Exit => ({
    type: 'exit',
    status: 'engine_error',
    exitCode: null,
    reason,
    durationMs: performance.now() - began,
    peakMemoryBytes: null,
  });
  try {
    const job = { runId: run.id, script: run.code, input: run.input, limits: run.limits, signal, lane: laneOf(run) };
    for await (const event of engine.run(job)) {
      if (event.type === 'output') await recorder.write(event.stream, event.data);
      if (event.type === 'exit') return event;
    }
    return failed(`The engine ${engine.id} ended without saying how the run ended.`);
  } catch (error) {
    log.error({ err: error, run: run.id, engine: engine.id }, 'an engine failed while it ran a script');
    return failed(`The engine ${engine.id} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
