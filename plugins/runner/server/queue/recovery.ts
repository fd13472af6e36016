/** What a new life of the server does with what the last one left behind. */
import type { RunRow } from '../store/rows.ts';
import { activePass, beginNextPass } from './pass-order.ts';
import type { Step } from './step.ts';

const STOPPED = 'The server stopped while it ran.';

/** Nothing stays "running", nothing runs twice; what had not started waits on. */
export async function recoverQueue(step: Step): Promise<void> {
  const interrupted: RunRow[] = await step.trx('runner_runs').where({ status: 'running' }).select('id', 'script_id');
  for (const { id, script_id: scriptId } of interrupted) {
    step.changedRun(id);
    step.ended({ runId: id, scriptId, exitCode: null, status: 'engine_error' });
  }
  await recoverActivePass(step);
  await step.trx('runner_runs').where({ status: 'running' }).update({ status: 'engine_error', reason: STOPPED, finished_at: step.at });
  // What waits may now wait for something else.
  await step.trx('runner_runs').where({ status: 'queued' }).whereNotNull('reason').update({ reason: null });
  await beginNextPass(step);
}

/** A pass of which something ran already does not go on by itself: what its groups left half done is for a person to judge. */
async function recoverActivePass(step: Step): Promise<void> {
  const active = await activePass(step.trx);
  if (active === null) return;
  const pass = await step.pass(active.id);
  if (pass.status === 'running' && !(await pass.hasBegun())) return;
  for (const id of await pass.running()) await pass.endRun(id, { status: 'engine_error', reason: STOPPED });
  if (pass.status === 'running') pass.change({ status: 'engine_error', reason: STOPPED });
  await pass.endWaiting('The server stopped before it started.');
  await pass.advance();
}
