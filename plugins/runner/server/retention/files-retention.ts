/**
 * Limits the total size of the files of all runs: the oldest are removed first, except
 * those that retention protects, even if these exceed the limit. The runs stay, and
 * record that their files were removed. Identical files of several runs are stored and
 * counted once.
 */
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { LeftOut } from '../../contract/files.ts';
import { NAMED } from '../files/gathered-files.ts';
import type { RunRow } from '../store/rows.ts';
import { lastFullPass, lastSuccesses } from './kept-runs.ts';
import { Periodic } from './periodic.ts';
import { removeUnused } from './runs-retention.ts';

/** A run has at most 16 MiB of files: in this time a busy server exceeds the limit by a few hundred MiB. */
const INTERVAL_MS = 60_000;
/** Runs whose files are removed in one transaction, which blocks other writers. */
const RUNS_PER_STEP = 20;

interface Owner {
  readonly run_id: number;
  readonly bytes: number;
}

export class FilesRetention {
  private readonly db: Knex;
  private readonly keptBytes: number;
  private readonly periodic: Periodic;

  constructor(db: Knex, keptBytes: number, log: Logger) {
    this.db = db;
    this.keptBytes = keptBytes;
    this.periodic = new Periodic({
      intervalMs: INTERVAL_MS,
      task: (stopped) => this.removeOld(stopped),
      onError: (err) => log.error({ err }, 'old files of runs were not removed'),
    });
  }

  start(): void {
    this.periodic.start();
  }

  stop(): Promise<void> {
    return this.periodic.stop();
  }

  /** Removes files until the rest is within the limit, or nothing more may be removed. */
  async removeOld(stopped?: AbortSignal): Promise<void> {
    while (!stopped?.aborted && (await this.removeSome()));
  }

  /** Whether there is more to remove. */
  private removeSome(): Promise<boolean> {
    return this.db.transaction(async (trx) => {
      let excess = (await keptBytes(trx)) - this.keptBytes;
      if (excess <= 0) return false;
      const ofLastPass = trx('runner_runs')
        .where({ pass_id: (await lastFullPass(trx)) ?? 0 })
        .select('id');
      const oldest: Owner[] = await trx('runner_files')
        .whereNotIn('run_id', lastSuccesses(trx))
        .whereNotIn('run_id', ofLastPass)
        .groupBy('run_id')
        .orderBy('run_id')
        .limit(RUNS_PER_STEP)
        .select('run_id', trx.raw('sum(size_bytes) as bytes'));
      for (const { run_id, bytes } of oldest) {
        if (excess <= 0) break;
        await removeFilesOf(trx, run_id);
        // An upper bound: files shared with another run stay, and the next round accounts for that.
        excess -= bytes;
      }
      return oldest.length > 0;
    });
  }
}

async function keptBytes(trx: Knex): Promise<number> {
  const each = trx('runner_files').distinct('sha256', 'size_bytes').as('each');
  const row = await trx.from(each).sum({ bytes: 'size_bytes' }).first();
  return Number(row?.bytes ?? 0);
}

async function removeFilesOf(trx: Knex, runId: number): Promise<void> {
  const files: { name: string; sha256: string }[] = await trx('runner_files').where({ run_id: runId }).orderBy('position');
  const run = await trx<RunRow>('runner_runs').where({ id: runId }).first('files_left_out');
  const removed: LeftOut = { reason: 'retention', count: files.length, names: files.slice(0, NAMED).map(({ name }) => name) };
  const before = JSON.parse(run?.files_left_out ?? '[]') as LeftOut[];
  await trx('runner_files').where({ run_id: runId }).delete();
  await trx<RunRow>('runner_runs')
    .where({ id: runId })
    .update({ file_count: 0, files_left_out: JSON.stringify([...before, removed]) });
  await removeUnused(trx, [...new Set(files.map(({ sha256 }) => sha256))]);
}
