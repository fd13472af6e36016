/** Ends one run inside a transaction, and lets its pass go on. */
import type { Knex } from 'knex';
import type { RunRow } from '../store/rows.ts';
import type { ChangeSet } from './change-set.ts';
import { OpenPass } from './open-pass.ts';
import { beginNextPass } from './pass-order.ts';
import type { Outcome } from './run-queue.ts';

/** Ends a run that is not final yet; nothing happens to one that is. */
export async function endRun(trx: Knex, changed: ChangeSet, runId: number, outcome: Outcome, at: string): Promise<void> {
  const row = await trx<RunRow>('runner_runs').where({ id: runId }).whereIn('status', ['queued', 'running']).first('pass_id');
  if (row === undefined) return;
  const columns = {
    status: outcome.status,
    exit_code: outcome.exitCode,
    reason: outcome.reason,
    duration_ms: outcome.durationMs,
    peak_memory_bytes: outcome.peakMemoryBytes,
    truncated: outcome.truncated,
    finished_at: at,
  };
  const pass = row.pass_id === null ? null : await OpenPass.load(trx, changed, row.pass_id);
  if (pass === null) {
    await trx('runner_runs').where({ id: runId }).update(columns);
    changed.run(runId);
    return;
  }
  await pass.endRun(runId, columns);
  if (await pass.advance(at)) await beginNextPass(trx, changed, at);
}
