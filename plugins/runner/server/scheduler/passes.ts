/**
 * Passes within a step: a pass counts its finished runs, releases group after group and
 * ends. One pass is under way at a time; the next starts after it. Every change of a
 * run has its own revision, so that a follower that was disconnected between two of
 * them misses neither.
 */
import type { Knex } from 'knex';
import { groupOf, type PassRow, type RunRow } from '../store/rows.ts';

/** What passes need from the step that changes them. */
export interface PassStep {
  readonly trx: Knex.Transaction;
  /** ISO 8601. */
  readonly at: string;
  /** A pass to be changed in this step; read once. */
  pass(id: number): Promise<OpenPass>;
  changedRun(id: number): void;
  changedPass(id: number): void;
  /** Records that more runs may start. */
  release(): void;
  /** Writes the passes that changed. */
  save(): Promise<void>;
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

  /** Ends every queued run. */
  async endWaiting(reason: string): Promise<void> {
    const waiting: { id: number }[] = await this.runs().where({ status: 'queued' }).orderBy(['ordering', 'id']).select('id');
    for (const { id } of waiting) await this.endRun(id, { status: 'cancelled', reason });
  }

  /** Ids of the running runs. */
  async running(): Promise<number[]> {
    return this.runs().where({ status: 'running' }).orderBy('id').pluck('id');
  }

  /** Whether any of its runs was ever started. */
  async hasStarted(): Promise<boolean> {
    return (await this.runs().whereNotNull('start_order').first('id')) !== undefined;
  }

  async begin(): Promise<void> {
    this.change({ status: 'running', started_at: this.step.at, reason: null });
    await this.advance();
  }

  /** When the current group has ended, releases the next group or ends the pass. */
  async advance(): Promise<void> {
    const next: Pick<RunRow, 'released' | 'ordering'> | undefined = await this.runs()
      .whereIn('status', ['queued', 'running'])
      .orderBy([{ column: 'released', order: 'desc' }, 'ordering'])
      .first('released', 'ordering');
    if (next === undefined) this.end();
    else if (!next.released && this.row.failed > 0 && this.row.on_failure === 'stop') await this.stopAtFailure();
    else if (!next.released) await this.release(groupOf(next.ordering));
  }

  /** Writes it, with a revision above those of its runs. Called by the step. */
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
    await this.endWaiting('An earlier group of the pass failed.');
    this.change({ reason: `Stopped because ${failed} did not succeed.` });
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

/** The pass that has started and not ended, if any; a cancelled one counts until its last run has ended. */
export async function activePass(db: Knex): Promise<PassRow | null> {
  const row = await db('runner_passes').whereNull('finished_at').whereNot({ status: 'queued' }).first();
  return row ?? null;
}

/** Starts the oldest queued pass if none is under way, and records what the others wait for. */
export async function beginNextPass(step: PassStep): Promise<void> {
  await step.save();
  let active = await activePass(step.trx);
  const waiting: PassRow[] = await step.trx('runner_passes').where({ status: 'queued' }).orderBy('id');
  for (const row of waiting) {
    const pass = await step.pass(row.id);
    if (active === null) {
      await pass.begin();
      await step.save();
      // A pass without runs ends as soon as it starts.
      active = await activePass(step.trx);
      continue;
    }
    const reason = `Waiting for pass ${active.id}, started by ${active.started_by}.`;
    if (row.reason !== reason) pass.change({ reason });
  }
}

/** Ends the queued runs of a pass. Returns its running runs; the pass ends when they do. */
export async function cancelPass(step: PassStep, passId: number, reason: string): Promise<number[]> {
  const pass = await step.pass(passId);
  if (pass.isOver) return [];
  const running = await pass.running();
  if (pass.status === 'cancelled') return running;
  pass.change({ status: 'cancelled', reason });
  await pass.endWaiting(reason);
  await pass.advance();
  if (pass.isOver) await beginNextPass(step);
  return running;
}

/** A pass that had started runs does not continue after a crash: a person must decide what to do about its incomplete groups. */
export async function interruptActivePass(step: PassStep, reason: string): Promise<void> {
  const active = await activePass(step.trx);
  if (active === null) return;
  const pass = await step.pass(active.id);
  if (pass.status === 'running' && !(await pass.hasStarted())) return;
  for (const id of await pass.running()) await pass.endRun(id, { status: 'engine_error', reason });
  if (pass.status === 'running') pass.change({ status: 'engine_error', reason });
  await pass.endWaiting('The server stopped before it started.');
  await pass.advance();
}
