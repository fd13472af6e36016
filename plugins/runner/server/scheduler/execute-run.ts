/** Executes one claimed run on an engine, from its first byte of output to its outcome. */
import type { Exit, Job, OutputChunk, Ran } from '@ved/runner/contract';
import type { Logger } from 'pino';
import type { ActiveEngine } from '../engine-selection.ts';
import { GatheredFiles, type NewFiles } from '../files/gathered-files.ts';
import { NoInterpreter } from '../interpreters/choose-interpreter.ts';
import { needsOf } from '../interpreters/run-needs.ts';
import { ScriptBlockError } from '../interpreters/script-block.ts';
import type { HeldTails } from '../live/held-tails.ts';
import { FIRST_OUTPUT_ID } from '../live/run-events.ts';
import { OutputRecorder } from '../output/output-recorder.ts';
import type { ClaimedRun, Outcome, RunQueue } from './run-queue.ts';

/** Runs of the same lane may share a container: those of one pass, or one person's single runs. */
function laneOf(run: ClaimedRun): string {
  return run.passId === null ? `person:${run.startedBy}` : `pass:${run.passId}`;
}

export interface RunContext {
  readonly run: ClaimedRun;
  readonly active: ActiveEngine;
  /** Fires when the run is to end, with the reason for people. */
  readonly signal: AbortSignal;
  readonly queue: RunQueue;
  /** Has the engine fetch what a job needs, without occupying a slot. Only called if the engine supports it. */
  readonly makeReady: (job: Job) => Promise<void>;
  /** Receives output that is held until the run ends. */
  readonly tails: HeldTails;
  readonly log: Logger;
}

/** What to store of a run that has ended. */
export interface FinishedRun {
  readonly outcome: Outcome;
  /** The output that is not stored yet. */
  readonly lastChunks: readonly OutputChunk[];
  readonly files: NewFiles;
}

/** Turns whatever the engine does into an outcome. */
export async function executeRun(context: RunContext): Promise<FinishedRun> {
  const { run, queue, tails } = context;
  const recorder = new OutputRecorder(
    FIRST_OUTPUT_ID,
    (chunks) => queue.append(run.id, chunks),
    (tail) => tails.set(run.id, tail),
  );
  const gathered = new GatheredFiles();
  const exit = await execute(context, recorder, gathered);
  const lastChunks = await recorder.end();
  tails.remove(run.id);
  const outcome: Outcome = {
    status: exit.status,
    exitCode: exit.exitCode,
    reason: exit.status === 'cancelled' && context.signal.aborted ? String(context.signal.reason) : exit.reason,
    durationMs: exit.durationMs,
    peakMemoryBytes: exit.peakMemoryBytes,
    truncated: recorder.truncated,
    errorLine: exit.status === 'failed' ? recorder.errorLine : null,
    reused: exit.reused ?? false,
  };
  return { outcome, lastChunks, files: await gathered.end() };
}

async function execute(context: RunContext, recorder: OutputRecorder, gathered: GatheredFiles): Promise<Exit> {
  const { run, active, log } = context;
  const startedAt = performance.now();
  const ended = (status: Exit['status'], reason: string): Exit => ({
    type: 'exit',
    status,
    exitCode: null,
    reason,
    durationMs: performance.now() - startedAt,
    peakMemoryBytes: null,
  });
  try {
    return (
      (await follow(context, recorder, gathered)) ??
      ended('engine_error', `The engine ${active.engine.id} did not report how the run ended.`)
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (context.signal.aborted) return ended('cancelled', message);
    if (error instanceof ScriptBlockError || error instanceof NoInterpreter) {
      // Asking for something unavailable is the script's fault; asking for something that is not ready yet is not.
      const isLate = error instanceof NoInterpreter && error.code === 'runner/interpreter-not-ready';
      return ended(isLate ? 'engine_error' : 'failed', message);
    }
    if (error instanceof NotReady) return ended('engine_error', message);
    log.error({ err: error, run: run.id, engine: active.engine.id }, 'an engine failed while running a script');
    return ended('engine_error', `The engine ${active.engine.id} failed: ${message}`);
  }
}

/** The exit, or null if the engine gave none. Throws what the engine and `needsOf` throw. */
async function follow(context: RunContext, recorder: OutputRecorder, gathered: GatheredFiles): Promise<Exit | null> {
  const { run, active, signal, queue, makeReady } = context;
  const { interpreter, packages } = needsOf(run, active.capabilities);
  const { limits, code: script, input } = run;
  const job = { runId: run.id, script, input, limits, signal, lane: laneOf(run), interpreter: interpreter.name, packages };
  if (packages.length > 0) await fetchPackages(active, job, makeReady);
  for await (const event of active.engine.run(job)) {
    if (event.type === 'output') await recorder.write(event.stream, event.data);
    if (event.type === 'started' && event.ran && !isRecorded(run, event.ran)) await queue.recordRan(run.id, event.ran);
    if (event.type === 'file' || event.type === 'left-out') gathered.add(event);
    if (event.type === 'exit') return event;
  }
  return null;
}

async function fetchPackages({ engine }: ActiveEngine, job: Job, makeReady: RunContext['makeReady']): Promise<void> {
  const packages = job.packages?.join(', ');
  if (!engine.makeReady) throw new NotReady(`The script needs ${packages}, but the engine ${engine.id} has no packages.`);
  await makeReady(job).catch((error: Error) => {
    throw new NotReady(error.message, { cause: error });
  });
}

/** What a run needs could not be fetched. The message is for people. */
class NotReady extends Error {
  override readonly name = 'NotReady';
}

function isRecorded({ ran }: ClaimedRun, { interpreter, imageDigest, packages }: Ran): boolean {
  return packages === undefined && ran.interpreter === interpreter && ran.imageDigest === imageDigest;
}
