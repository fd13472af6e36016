/** Carries one claimed run out on an engine, from its first byte of output to its outcome. */
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

/** Runs that share a lane may share a container: those of one pass, or one person's own. */
function laneOf(run: ClaimedRun): string {
  return run.passId === null ? `person:${run.startedBy}` : `pass:${run.passId}`;
}

export interface Carrying {
  readonly run: ClaimedRun;
  readonly active: ActiveEngine;
  /** Fires with the reason, for a person, when the run is to end. */
  readonly signal: AbortSignal;
  readonly queue: RunQueue;
  /** Has the engine fetch what a job needs, while another run may go on. Only called where the engine can. */
  readonly makeReady: (job: Job) => Promise<void>;
  /** Told of output that is held until the run ends. */
  readonly tails: HeldTails;
  readonly log: Logger;
}

/** What is to be kept of a run that is over. */
export interface Carried {
  readonly outcome: Outcome;
  /** Of its output, what is not kept yet. */
  readonly lastChunks: readonly OutputChunk[];
  readonly files: NewFiles;
}

/** Rejects only when output cannot be told apart any more; whatever the engine does becomes an outcome. */
export async function carryOut(carrying: Carrying): Promise<Carried> {
  const { run, queue, tails } = carrying;
  const recorder = new OutputRecorder(
    FIRST_OUTPUT_ID,
    (chunks) => queue.append(run.id, chunks),
    (tail) => tails.set(run.id, tail),
  );
  const gathered = new GatheredFiles();
  const exit = await execute(carrying, recorder, gathered);
  const lastChunks = await recorder.end();
  tails.remove(run.id);
  const outcome: Outcome = {
    status: exit.status,
    exitCode: exit.exitCode,
    reason: exit.status === 'cancelled' && carrying.signal.aborted ? String(carrying.signal.reason) : exit.reason,
    durationMs: exit.durationMs,
    peakMemoryBytes: exit.peakMemoryBytes,
    truncated: recorder.truncated,
    errorLine: exit.status === 'failed' ? recorder.errorLine : null,
    reused: exit.reused ?? false,
  };
  return { outcome, lastChunks, files: await gathered.end() };
}

async function execute(carrying: Carrying, recorder: OutputRecorder, gathered: GatheredFiles): Promise<Exit> {
  const { run, active, log } = carrying;
  const began = performance.now();
  const ended = (status: Exit['status'], reason: string): Exit => ({
    type: 'exit',
    status,
    exitCode: null,
    reason,
    durationMs: performance.now() - began,
    peakMemoryBytes: null,
  });
  try {
    return (
      (await follow(carrying, recorder, gathered)) ??
      ended('engine_error', `The engine ${active.engine.id} ended without saying how the run ended.`)
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (carrying.signal.aborted) return ended('cancelled', message);
    if (error instanceof ScriptBlockError || error instanceof NoInterpreter) {
      // A script that asks for what nobody has is at fault itself; one that asks for what is not there yet is not.
      const isLate = error instanceof NoInterpreter && error.code === 'runner/interpreter-not-ready';
      return ended(isLate ? 'engine_error' : 'failed', message);
    }
    if (error instanceof NotReady) return ended('engine_error', message);
    log.error({ err: error, run: run.id, engine: active.engine.id }, 'an engine failed while it ran a script');
    return ended('engine_error', `The engine ${active.engine.id} failed: ${message}`);
  }
}

/** The exit, or null when the engine gave none. Throws what the engine throws, and what `needsOf` does. */
async function follow(carrying: Carrying, recorder: OutputRecorder, gathered: GatheredFiles): Promise<Exit | null> {
  const { run, active, signal, queue, makeReady } = carrying;
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

async function fetchPackages({ engine }: ActiveEngine, job: Job, makeReady: Carrying['makeReady']): Promise<void> {
  const packages = job.packages?.join(', ');
  if (!engine.makeReady) throw new NotReady(`The script asks for ${packages}, and the engine ${engine.id} has no packages.`);
  await makeReady(job).catch((error: Error) => {
    throw new NotReady(error.message, { cause: error });
  });
}

/** What a run needs could not be had. The message is for a person. */
class NotReady extends Error {
  override readonly name = 'NotReady';
}

function isRecorded({ ran }: ClaimedRun, { interpreter, imageDigest, packages }: Ran): boolean {
  return packages === undefined && ran.interpreter === interpreter && ran.imageDigest === imageDigest;
}
