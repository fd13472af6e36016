/**
 * Drives one run, the same for every engine: gets a sandbox, sends the job, passes on
 * its output, collects files from `/tmp/out`, and reports how it ended.
 */
import type { Artefact, Exit, Job, Output, Started } from '../../contract/engine.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { failureHint, type SandboxBounds, TAIL_BYTES } from './failure-hints.ts';
import { outOfMemoryReason, RunControl } from './run-control.ts';
import type { Sandbox, ScriptExit } from './sandbox.ts';

/** For sending files after the script has ended. 16 MiB take a tenth of a second, or up to a second on a busy machine. */
const HAND_OVER_MS = 5000;

/**
 * Yields what `Engine.run` promises. `acquire` returns a sandbox for this run and may reject with an error whose message
 * is for people; `release` gets it back after the run, with `intact` if the script ended by itself. With `bounds`, the reason
 * of a failed script names the limit that it hit.
 */
export async function* runInSandbox<S extends Sandbox>(
  job: Job,
  acquire: () => Promise<S>,
  release: (sandbox: S, intact: boolean) => void,
  bounds?: SandboxBounds,
): AsyncGenerator<Started | Output | Artefact | Exit, void, undefined> {
  let sandbox: S | null = null;
  let intact = false;
  const control = new RunControl(job, () => sandbox?.kill());
  try {
    if (!control.ending) sandbox = await acquireInTime(job, acquire, release);
    if (!sandbox || control.ending) return yield control.endedExit(control.ending ?? 'cancelled', null);
    control.start();
    sandbox.send(job);
    yield { type: 'started', ...(sandbox.ran ? { ran: sandbox.ran } : {}) };
    let whole = true;
    for await (const event of follow(sandbox, job, control, bounds)) {
      if (event.type === 'left-out' && event.reason === 'handover') whole = false;
      if (event.type !== 'exit') {
        yield event;
        continue;
      }
      intact = whole && event.exitCode !== null;
      yield { ...event, reused: sandbox.reused ?? false };
    }
  } catch (error) {
    // Cancelling a run that waits for its sandbox ends the wait.
    if (control.ending) yield control.endedExit(control.ending, null);
    else yield engineError(control, error instanceof Error ? error.message : String(error));
  } finally {
    control.release();
    if (sandbox) release(sandbox, intact);
  }
}

/** Rejects when the job is cancelled; a sandbox that arrives later is released. */
async function acquireInTime<S>(job: Job, acquire: () => Promise<S>, release: (sandbox: S, intact: boolean) => void): Promise<S> {
  const acquired = acquire();
  return unlessAborted(acquired, job.signal, () => {
    acquired.then(
      (late) => release(late, false),
      () => undefined,
    );
    return new Error('It was cancelled before it started.');
  });
}

async function* follow(
  sandbox: Sandbox,
  job: Job,
  control: RunControl,
  bounds: SandboxBounds | undefined,
): AsyncGenerator<Output | Artefact | Exit, void, undefined> {
  let tail = Buffer.alloc(0);
  const unwatch = sandbox.watch?.(job, () => control.end('out_of_memory'));
  const events = sandbox.follow()[Symbol.asyncIterator]();
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      if (event.type === 'exit') {
        if (control.ending) return yield control.endedExit(control.ending, event.peakMemoryBytes);
        const exit = explained(scriptExit(event, job, control), tail, job, bounds);
        // The script has ended; nothing must end the run from here on.
        control.release();
        unwatch?.();
        yield* handOver(events, sandbox);
        return yield exit;
      }
      if (event.type !== 'output') continue;
      const data = control.admit(event.data);
      if (event.stream === 'stderr') tail = Buffer.concat([tail, data.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      if (data.length > 0) yield { ...event, data };
    }
  } finally {
    unwatch?.();
  }
  if (control.ending) return yield control.endedExit(control.ending, null);
  const { durationMs } = control;
  const death = await sandbox.explainDeath();
  yield { type: 'exit', ...death, exitCode: null, durationMs, peakMemoryBytes: null };
}

/** Receives the files from `/tmp/out`. If the sandbox dies or violates the format, the remaining files are lost, but not the run. */
async function* handOver(
  events: AsyncIterator<Output | ScriptExit | Artefact>,
  sandbox: Sandbox,
): AsyncGenerator<Artefact, void, undefined> {
  const late = setTimeout(() => sandbox.kill(), HAND_OVER_MS);
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      if (next.value.type === 'file' || next.value.type === 'left-out') yield next.value;
    }
  } catch {
    yield { type: 'left-out', reason: 'handover', count: 0, names: [] };
  } finally {
    clearTimeout(late);
  }
}

/** A script that survives an out-of-memory kill of a child process has not failed, but the reason mentions it. */
function scriptExit(exit: ScriptExit, job: Job, control: RunControl): Exit {
  const { exitCode, peakMemoryBytes } = exit;
  const { durationMs } = control;
  const reason = exit.outOfMemory ? outOfMemoryReason(job.limits.memoryBytes) : exit.reason;
  const failure = exit.outOfMemory ? 'out_of_memory' : 'failed';
  return { type: 'exit', status: exitCode === 0 ? 'succeeded' : failure, exitCode, reason, durationMs, peakMemoryBytes };
}

/** The engine's own reason takes precedence over hints from a traceback. */
function explained(exit: Exit, tail: Buffer, job: Job, bounds: SandboxBounds | undefined): Exit {
  const { exitCode, reason, status } = exit;
  if (!bounds || status !== 'failed' || exitCode === null || reason !== null) return exit;
  const failed = { exitCode, stderr: tail.toString('utf8'), script: job.script, memoryBytes: job.limits.memoryBytes };
  return { ...exit, reason: failureHint(failed, bounds) };
}

function engineError(control: RunControl, reason: string): Exit {
  return { type: 'exit', status: 'engine_error', exitCode: null, reason, durationMs: control.durationMs, peakMemoryBytes: null };
}
