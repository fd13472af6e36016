/** What retention leaves alone, however old: the last success of each script, and the last full pass. */
import type { Knex } from 'knex';

/** Ids of the newest run of each script that succeeded. */
export function lastSuccesses(trx: Knex): Knex.QueryBuilder {
  return trx('runner_runs').where({ status: 'succeeded' }).groupBy('script_id').max('id');
}

/** The newest pass that is over and left no run out, whatever became of them; null when there is none. */
export async function lastFullPass(trx: Knex): Promise<number | null> {
  const begun = trx('runner_runs').whereRaw('runner_runs.pass_id = runner_passes.id').whereNotNull('start_order').count();
  const pass = await trx('runner_passes')
    .whereIn('status', ['succeeded', 'failed'])
    .where('total', '>', 0)
    // Of one that was stopped, what never began may be gone by now.
    .where('total', begun)
    .orderBy('id', 'desc')
    .first('id');
  return pass?.id ?? null;
}
