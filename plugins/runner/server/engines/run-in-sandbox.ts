/** The course of one run, the same for every engine: get a sandbox, send the job, pass on what comes, say how it ended. */
import type { Exit, Job, Output, Started } from '../../contract/engine.ts';
import { outOfMemoryReason, RunControl } from './run-control.ts';
import type { Sandbox, ScriptExit } from './sandbox.ts';

/**
 * Yields what `Engine.run` promises. `acquire` gives a sandbox of its own and may reject with an error whose message
 * is for a person; `release` gets it back when the run is over, `intact` when the script came to its own end in it.
 */
export async function* runInSandbox<S extends Sandbox>(
  job: Job,
  acquire: () => Promise<S>,
  release: (sandbox: S, intact: boolean) => void,
): AsyncGenerator<Started | Output | Exit, void, undefined> {
  let sandbox: S | null = null;
  let intact = false;
  const control = new RunControl(job, () => sandbox?.kill());
  try {
    if (!control.ending) sandbox = await acquire();
    if (!sandbox || control.ending) return yield control.endedExit(control.ending ?? 'cancelled', null);
    control.start();
    sandbox.send(job);
    yield { type: 'started', ...(sandbox.ran ? { ran: sandbox.ran } : {}) };
    for await (const event of follow(sandbox, job, control)) {
      if (event.type === 'output') {
        yield event;
        continue;
      }
      intact = event.exitCode !== null;
      yield { ...event, reused: sandbox.reused ?? false };
    }
  } catch (error) {
    yield engineError(control, error instanceof Error ? error.message : String(error));
  } finally {
    control.release();
    if (sandbox) release(sandbox, intact);
  }
}

async function* follow(sandbox: Sandbox, job: Job, control: RunControl): AsyncGenerator<Output | Exit, void, undefined> {
  const unwatch = sandbox.watch?.(job, () => control.end('out_of_memory'));
  try {
    for await (const event of sandbox.follow()) {
      if (event.type === 'exit')
        return yield control.ending ? control.endedExit(control.ending, event.peakMemoryBytes) : scriptExit(event, job, control);
      const data = control.admit(event.data);
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

/** A script that goes on after a process of its own died for want of memory has not failed; it is told all the same. */
function scriptExit(exit: ScriptExit, job: Job, control: RunControl): Exit {
  const { exitCode, peakMemoryBytes } = exit;
  const { durationMs } = control;
  const reason = exit.outOfMemory ? outOfMemoryReason(job.limits.memoryBytes) : exit.reason;
  const failure = exit.outOfMemory ? 'out_of_memory' : 'failed';
  return { type: 'exit', status: exitCode === 0 ? 'succeeded' : failure, exitCode, reason, durationMs, peakMemoryBytes };
}

function engineError(control: RunControl, reason: string): Exit {
  return { type: 'exit', status: 'engine_error', exitCode: null, reason, durationMs: control.durationMs, peakMemoryBytes: null };
}
