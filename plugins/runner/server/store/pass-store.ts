/** Reads passes with their runs. The queue changes them. */
import { NotFound } from '@ved/core/contract';
import type { Pass, PassDetail, PassRun } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { groupOf, type PassRow, type RunRow, toPass, toPassRun } from './rows.ts';

/** One page of `/api/passes`. */
const PAGE_PASSES = 100;

export class PassStore {
  constructor(private readonly db: Knex) {}

  /** Throws NotFound. */
  async row(passId: number): Promise<PassRow> {
    const row = await this.db<PassRow>('runner_passes').where({ id: passId }).first();
    if (row === undefined) throw new NotFound('runner/unknown-pass', `There is no pass ${passId}. It may have been removed by retention.`);
    return row as PassRow;
  }

  /** The passes that still exist, oldest first. */
  async rows(passIds: readonly number[]): Promise<PassRow[]> {
    if (passIds.length === 0) return [];
    return (await this.db<PassRow>('runner_passes')
      .whereIn('id', [...passIds])
      .orderBy('id')) as PassRow[];
  }

  async list(before: number | undefined): Promise<Pass[]> {
    const query = this.db<PassRow>('runner_passes').orderBy('id', 'desc').limit(PAGE_PASSES);
    if (before !== undefined) query.where('id', '<', before);
    return ((await query) as PassRow[]).map(toPass);
  }

  async detail(passId: number): Promise<PassDetail> {
    const pass = await this.row(passId);
    const groups = new Map<number, PassRun[]>();
    for (const run of await this.runs(passId)) {
      const group = groupOf(run.ordering);
      groups.set(group, [...(groups.get(group) ?? []), toPassRun(run)]);
    }
    return { ...toPass(pass), groups: [...groups].map(([group, runs]) => ({ group, runs })) };
  }

  /** The runs of a pass in the order of their scripts. */
  async runs(passId: number): Promise<RunRow[]> {
    return (await this.db<RunRow>('runner_runs').where({ pass_id: passId }).orderBy(['ordering', 'id'])) as RunRow[];
  }

  /** The ids of its running runs. */
  async running(passId: number): Promise<number[]> {
    return this.db('runner_runs').where({ pass_id: passId, status: 'running' }).pluck('id');
  }

  /** The runs that changed after a revision of the pass, in the order of their change. */
  async runsSince(passId: number, revision: number): Promise<RunRow[]> {
    const rows = await this.db<RunRow>('runner_runs')
      .where({ pass_id: passId })
      .where('pass_revision', '>', revision)
      .orderBy(['pass_revision', 'id']);
    return rows as RunRow[];
  }
}
