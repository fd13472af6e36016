/**
 * One pass inside one step: counts what ended, releases group after group,
 * ends the pass. Every change of a run takes a revision of its own, so that a
 * follower who was cut off between two of them misses neither.
 */
import type { Knex } from 'knex';
import { groupOf, type PassRow, type RunRow } from '../store/rows.ts';

/** What a pass needs of the step that it is changed in. */
export interface PassStep {
  readonly trx: Knex;
  /** ISO 8601. */
  readonly at: string;
  changedRun(id: number): void;
  changedPass(id: number): void;
  /** Runs may start that could not before. */
  release(): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class OpenPass {
  private isChanged = false;

  constructor(
    private readonly step: PassStep,
    private readonly row: Mutable<PassRow>,
  ) {}

  get status(): PassRow['status'] {
    return this.row.status;
  }

  get isOver(): boolean {
    return this.row.finished_at !== null;
  }

  change(columns: Partial<PassRow>): void {
    Object.assign(this.row, columns);
    this.isChanged = true;
  }

  /** The revision of the next change of a run of this pass. */
  nextRevision(): number {
    this.change({ revision: this.row.revision + 1 });
    return this.row.revision;
  }

  async endRun(runId: number, columns: Partial<RunRow> & Pick<RunRow, 'status'>): Promise<void> {
    await this.step
      .trx('runner_runs')
      .where({ id: runId })
      .update({ ...columns, finished_at: this.step.at, pass_revision: this.nextRevision() });
    this.change({
      finished: this.row.finished + 1,
      failed: this.row.failed + (columns.status === 'succeeded' ? 0 : 1),
      cancelled: this.row.cancelled + (columns.status === 'cancelled' ? 1 : 0),
    });
    this.step.changedRun(runId);
  }

  /** Ends every run that waits. */
  async endWaiting(reason: string): Promise<void> {
    const waiting: { id: number }[] = await this.runs().where({ status: 'queued' }).orderBy(['ordering', 'id']).select('id');
    for (const { id } of waiting) await this.endRun(id, { status: 'cancelled', reason });
  }

  /** Ids of the runs that are being carried out. */
  async running(): Promise<number[]> {
    return this.runs().where({ status: 'running' }).orderBy('id').pluck('id');
  }

  /** Whether any of its runs was ever started. */
  async hasBegun(): Promise<boolean> {
    return (await this.runs().whereNotNull('start_order').first('id')) !== undefined;
  }

  async begin(): Promise<void> {
    this.change({ status: 'running', started_at: this.step.at, reason: null });
    await this.advance();
  }

  /** Goes on when nothing of the current group is left: to the next group, or to the end. */
  async advance(): Promise<void> {
    const next: Pick<RunRow, 'released' | 'ordering'> | undefined = await this.runs()
      .whereIn('status', ['queued', 'running'])
      .orderBy([{ column: 'released', order: 'desc' }, 'ordering'])
      .first('released', 'ordering');
    if (next === undefined) this.end();
    else if (!next.released && this.row.failed > 0 && this.row.on_failure === 'stop') await this.stopAtFailure();
    else if (!next.released) await this.release(groupOf(next.ordering));
  }

  /** Writes it, under a revision above those of its runs. Called by the step. */
  async save(): Promise<void> {
    if (!this.isChanged) return;
    this.nextRevision();
    const { id, ...columns } = this.row;
    await this.step.trx('runner_passes').where({ id }).update(columns);
    this.step.changedPass(id);
    this.isChanged = false;
  }

  private async stopAtFailure(): Promise<void> {
    const failed = this.row.failed === 1 ? 'a run' : `${this.row.failed} runs`;
    await this.endWaiting('An earlier group of the pass did not succeed.');
    this.change({ reason: `Stopped after a group in which ${failed} did not succeed.` });
    this.end();
  }

  private end(): void {
    if (this.row.status === 'running') this.change({ status: this.row.failed > 0 ? 'failed' : 'succeeded' });
    this.change({ finished_at: this.step.at });
  }

  private async release(group: number): Promise<void> {
    await this.runs()
      .where({ status: 'queued' })
      .whereBetween('ordering', [group * 100, group * 100 + 99])
      .update({ released: true });
    this.step.release();
  }

  private runs(): Knex.QueryBuilder {
    return this.step.trx('runner_runs').where({ pass_id: this.row.id });
  }
}
