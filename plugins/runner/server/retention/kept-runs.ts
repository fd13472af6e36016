/** What retention never removes: the last success of each script, and the last full pass. */
import type { Knex } from 'knex';

/** Ids of the newest run of each script that succeeded. */
export function lastSuccesses(trx: Knex): Knex.QueryBuilder {
  return trx('runner_runs').where({ status: 'succeeded' }).groupBy('script_id').max('id');
}

/** The newest finished pass in which every run was started, whatever its outcome; null if there is none. */
export async function lastFullPass(trx: Knex): Promise<number | null> {
  const started = trx('runner_runs').whereRaw('runner_runs.pass_id = runner_passes.id').whereNotNull('start_order').count();
  const pass = await trx('runner_passes')
    .whereIn('status', ['succeeded', 'failed'])
    .where('total', '>', 0)
    // Runs that never started, of a pass that was stopped, may have been removed since.
    .where('total', started)
    .orderBy('id', 'desc')
    .first('id');
  return pass?.id ?? null;
}
