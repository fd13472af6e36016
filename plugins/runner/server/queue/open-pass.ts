/**
 * One pass inside one transaction: counts what ended, releases group after
 * group, ends the pass. Every change of a run takes a revision of its own, so
 * that a follower who was cut off between two of them misses neither.
 */
import type { Knex } from 'knex';
import { groupOf, type PassRow, type RunRow } from '../store/rows.ts';
import type { ChangeSet } from './change-set.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class OpenPass {
  private constructor(
    private readonly trx: Knex,
    private readonly changed: ChangeSet,
    readonly row: Mutable<PassRow>,
  ) {}

  static async load(trx: Knex, changed: ChangeSet, passId: number): Promise<OpenPass | null> {
    const row = await trx<PassRow>('runner_passes').where({ id: passId }).first();
    return row === undefined ? null : new OpenPass(trx, changed, { ...(row as PassRow) });
  }

  async changeRun(runId: number, columns: Partial<RunRow>): Promise<void> {
    this.row.revision += 1;
    await this.trx('runner_runs')
      .where({ id: runId })
      .update({ ...columns, pass_revision: this.row.revision });
    this.changed.run(runId);
  }

  async endRun(runId: number, columns: Partial<RunRow> & Pick<RunRow, 'status'>): Promise<void> {
    await this.changeRun(runId, columns);
    this.row.finished += 1;
    if (columns.status !== 'succeeded') this.row.failed += 1;
  }

  /** Ends every run that waits. */
  async endWaiting(reason: string, at: string): Promise<void> {
    const waiting: { id: number }[] = await this.runs().where({ status: 'queued' }).orderBy(['ordering', 'id']).select('id');
    for (const { id } of waiting) await this.endRun(id, { status: 'cancelled', reason, finished_at: at });
  }

  /** Ids of the runs that are being carried out. */
  async running(): Promise<number[]> {
    return this.runs().where({ status: 'running' }).orderBy('id').pluck('id');
  }

  async begin(at: string): Promise<void> {
    this.row.status = 'running';
    this.row.started_at = at;
    this.row.reason = null;
    await this.advance(at);
  }

  /** Goes on when nothing of the current group is left: to the next group, or to the end. True when the pass ended. */
  async advance(at: string): Promise<boolean> {
    const next = (await this.isGroupBusy()) ? 'wait' : await this.firstWaiting();
    if (next === 'wait') {
      await this.save();
      return false;
    }
    if (next === null) return this.end(at);
    if (this.row.failed > 0 && this.row.on_failure === 'stop') {
      this.row.reason = `Stopped after a group in which ${this.row.failed === 1 ? 'a run' : `${this.row.failed} runs`} did not succeed.`;
      await this.endWaiting('An earlier group of the pass did not succeed.', at);
      return this.end(at);
    }
    await this.release(groupOf(next));
    await this.save();
    return false;
  }

  async save(): Promise<void> {
    this.row.revision += 1;
    const { id, ...columns } = this.row;
    await this.trx('runner_passes').where({ id }).update(columns);
    this.changed.pass(id);
  }

  private async end(at: string): Promise<true> {
    if (this.row.status === 'running') this.row.status = this.row.failed > 0 ? 'failed' : 'succeeded';
    this.row.finished_at = at;
    await this.save();
    return true;
  }

  private async release(group: number): Promise<void> {
    await this.runs()
      .where({ status: 'queued' })
      .whereBetween('ordering', [group * 100, group * 100 + 99])
      .update({ released: true });
  }

  private async isGroupBusy(): Promise<boolean> {
    const busy = await this.runs()
      .where((either) => either.where({ status: 'running' }).orWhere({ status: 'queued', released: true }))
      .first('id');
    return busy !== undefined;
  }

  /** The lowest number of a run that waits. */
  private async firstWaiting(): Promise<number | null> {
    const row = await this.runs().where({ status: 'queued' }).orderBy('ordering').first('ordering');
    return row?.ordering ?? null;
  }

  private runs(): Knex.QueryBuilder {
    return this.trx('runner_runs').where({ pass_id: this.row.id });
  }
}
