/**
 * The course of one run, the same for every engine: get a sandbox, send the job,
 * pass on what comes, take what the script left in `/tmp/out`, say how it ended.
 */
import type { Artefact, Exit, Job, Output, Started } from '../../contract/engine.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { failureHint, type SandboxBounds, TAIL_BYTES } from './failure-hints.ts';
import { outOfMemoryReason, RunControl } from './run-control.ts';
import type { Sandbox, ScriptExit } from './sandbox.ts';

/** The script has ended by then, and its time counts no more. 16 MiB take a tenth of a second, or most of one where much else goes on. */
const HAND_OVER_MS = 5000;

/**
 * Yields what `Engine.run` promises. `acquire` gives a sandbox of its own and may reject with an error whose message
 * is for a person; `release` gets it back when the run is over, `intact` when the script came to its own end in it. With `bounds`
 * the record of a script that met one of them says so.
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
    // Who cancels a run that waits for its sandbox ends that wait.
    if (control.ending) yield control.endedExit(control.ending, null);
    else yield engineError(control, error instanceof Error ? error.message : String(error));
  } finally {
    control.release();
    if (sandbox) release(sandbox, intact);
  }
}

/** Rejects when the job is cancelled; a sandbox that comes after that goes back as it came. */
async function acquireInTime<S>(job: Job, acquire: () => Promise<S>, release: (sandbox: S, intact: boolean) => void): Promise<S> {
  const acquired = acquire();
  return unlessAborted(acquired, job.signal, () => {
    acquired.then(
      (late) => release(late, false),
      () => undefined,
    );
    return new Error('It was cancelled before it began.');
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
        // From here on nothing ends the run: it has.
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

/** What the script left in `/tmp/out`. A sandbox that dies over it, or breaks the form, costs the rest of the files and not the run. */
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

/** A script that goes on after a process of its own died for want of memory has not failed; it is told all the same. */
function scriptExit(exit: ScriptExit, job: Job, control: RunControl): Exit {
  const { exitCode, peakMemoryBytes } = exit;
  const { durationMs } = control;
  const reason = exit.outOfMemory ? outOfMemoryReason(job.limits.memoryBytes) : exit.reason;
  const failure = exit.outOfMemory ? 'out_of_memory' : 'failed';
  return { type: 'exit', status: exitCode === 0 ? 'succeeded' : failure, exitCode, reason, durationMs, peakMemoryBytes };
}

/** What the engine says of it comes before what can be read from a traceback. */
function explained(exit: Exit, tail: Buffer, job: Job, bounds: SandboxBounds | undefined): Exit {
  const { exitCode, reason, status } = exit;
  if (!bounds || status !== 'failed' || exitCode === null || reason !== null) return exit;
  const failed = { exitCode, stderr: tail.toString('utf8'), script: job.script, memoryBytes: job.limits.memoryBytes };
  return { ...exit, reason: failureHint(failed, bounds) };
}

function engineError(control: RunControl, reason: string): Exit {
  return { type: 'exit', status: 'engine_error', exitCode: null, reason, durationMs: control.durationMs, peakMemoryBytes: null };
}
