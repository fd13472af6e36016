/**
 * Removes old runs in the background, a few at a time. Keeps the newest of each script,
 * its last successful one, all runs of the last full pass, and those that have not
 * ended.
 */
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { RunRow } from '../store/rows.ts';
import { lastFullPass, lastSuccesses } from './kept-runs.ts';
import { Periodic } from './periodic.ts';

/** Often enough to keep a script that runs all day near its limit. */
const INTERVAL_MS = 60_000;
/** Runs removed in one transaction, which blocks other writers. */
const RUNS_PER_STEP = 50;

type RemovableRun = Pick<RunRow, 'id' | 'code_sha256' | 'input_sha256'>;

export class RunsRetention {
  private readonly periodic: Periodic;

  constructor(
    private readonly db: Knex,
    private readonly keptRuns: number,
    log: Logger,
  ) {
    this.periodic = new Periodic({
      intervalMs: INTERVAL_MS,
      task: (stopped) => this.removeOld(stopped),
      onError: (err) => log.error({ err }, 'old runs were not removed'),
    });
  }

  start(): void {
    this.periodic.start();
  }

  stop(): Promise<void> {
    return this.periodic.stop();
  }

  /** Removes all runs that are not kept. */
  async removeOld(stopped?: AbortSignal): Promise<void> {
    const scripts: number[] = await this.db('runner_runs')
      .groupBy('script_id')
      .havingRaw('count(*) > ?', [this.keptRuns])
      .pluck('script_id');
    for (const scriptId of scripts) {
      while (!stopped?.aborted && (await this.removeSome(scriptId)) === RUNS_PER_STEP);
    }
    if (!stopped?.aborted) await this.removeEmptyPasses();
  }

  private removeSome(scriptId: number): Promise<number> {
    return this.db.transaction(async (trx) => {
      const removable = await this.removable(trx, scriptId);
      const ids = removable.map((run) => run.id);
      const files: string[] = await trx('runner_files').whereIn('run_id', ids).pluck('sha256');
      await trx('runner_output').whereIn('run_id', ids).delete();
      await trx('runner_files').whereIn('run_id', ids).delete();
      await trx('runner_runs').whereIn('id', ids).delete();
      await removeUnused(trx, [...new Set([...removable.flatMap((run) => [run.code_sha256, run.input_sha256]), ...files])]);
      return removable.length;
    });
  }

  private async removable(trx: Knex, scriptId: number): Promise<RemovableRun[]> {
    const ofScript = () => trx<RunRow>('runner_runs').where({ script_id: scriptId });
    const oldestKept = await ofScript()
      .orderBy('id', 'desc')
      .offset(this.keptRuns - 1)
      .first('id');
    const lastPass = await lastFullPass(trx);
    return ofScript()
      .where('id', '<', oldestKept?.id ?? 0)
      .whereNotIn('status', ['queued', 'running'])
      .whereNotIn('id', lastSuccesses(trx).where({ script_id: scriptId }))
      .where((either) => either.whereNull('pass_id').orWhereNot({ pass_id: lastPass ?? 0 }))
      .orderBy('id')
      .limit(RUNS_PER_STEP)
      .select('id', 'code_sha256', 'input_sha256');
  }

  /** Removes passes whose runs are all gone; not those that never had any, which record that prod was empty. */
  private async removeEmptyPasses(): Promise<void> {
    await this.db('runner_passes')
      .where('total', '>', 0)
      .whereNotNull('finished_at')
      .whereNotExists(this.db('runner_runs').whereRaw('runner_runs.pass_id = runner_passes.id'))
      .delete();
  }
}

/** Removes texts, test data and files that no run refers to any more. */
export async function removeUnused(trx: Knex, hashes: readonly string[]): Promise<void> {
  await trx('runner_blobs')
    .whereIn('sha256', hashes)
    .whereNotExists(trx('runner_runs').whereRaw('runner_runs.code_sha256 = runner_blobs.sha256'))
    .whereNotExists(trx('runner_runs').whereRaw('runner_runs.input_sha256 = runner_blobs.sha256'))
    .whereNotExists(trx('runner_files').whereRaw('runner_files.sha256 = runner_blobs.sha256'))
    .delete();
}
