/**
 * The queue of runs in the server's own database: every step is one
 * transaction, told to listeners only when it is durable. One process claims
 * from it; another implementation serves several.
 */
import type { RunEnd } from '@ved/catalog/contract';
import { personLimits } from '@ved/core/server';
import type { OutputChunk, Ran } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { type NewFiles, NO_FILES } from '../files/gathered-files.ts';
import type { RunRow } from '../store/rows.ts';
import { batched } from './batched.ts';
import { type Ending, endRuns, insertChunks } from './end-runs.ts';
import { insertRun, insertRunsOfPass } from './new-rows.ts';
import { activePass, beginNextPass, cancelPass } from './pass-order.ts';
import { recoverQueue } from './recovery.ts';
import type { Changes, NewPass, NewRun, Outcome, RunQueue, Starter } from './run-queue.ts';
import { Starting } from './starting.ts';
import { Step } from './step.ts';

/** Keeps elsewhere that runs ended, in the transaction that ends them; what it returns is called after the commit. */
export type RecordEnds = (trx: Knex.Transaction, ends: readonly RunEnd[]) => Promise<() => void>;

export class SqliteRunQueue implements RunQueue {
  private readonly listeners = new Set<(changes: Changes) => void>();
  private readonly end = batched<Ending>((endings) => this.endAll(endings));
  private starter: Starter | null = null;
  /** Whether something may wait that could start; when this is false, nothing does. */
  private mayWait = true;

  constructor(
    private readonly db: Knex,
    /** The time of day; ISO 8601. */
    private readonly now: () => string,
    private readonly recordEnds: RecordEnds,
  ) {}

  onChange(listener: (changes: Changes) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  startWith(starter: Starter): void {
    if (this.starter) throw new Error('the queue was told twice who carries runs out');
    this.starter = starter;
  }

  get nothingWaits(): boolean {
    return !this.mayWait;
  }

  addRun(run: NewRun): Promise<number> {
    return this.change(async (step, starting) => {
      // One that needs packages may have to wait behind others that do.
      if (!run.needsPackages && !this.mayWait && starting.ask() > 0) return starting.insertRunning(step, run);
      await refuseTooMany(step.trx, run.startedBy);
      return insertRun(step, run, null);
    });
  }

  addPass(pass: NewPass): Promise<number> {
    return this.change(async (step) => {
      await refuseTooManyPasses(step.trx, pass.startedBy);
      const columns = { status: 'queued', on_failure: pass.onFailure, started_by: pass.startedBy, created_at: step.at };
      const [inserted] = await step
        .trx('runner_passes')
        .insert({ ...columns, total: pass.runs.length, revision: pass.runs.length + 1 })
        .returning('id');
      const { id } = inserted as { id: number };
      await insertRunsOfPass(step, id, pass.runs);
      step.changedPass(id);
      await beginNextPass(step);
      return id;
    });
  }

  async startWaiting(): Promise<void> {
    // Asked outside of a transaction first: the queue is nearly always empty.
    const waiting = await this.db('runner_runs').where({ status: 'queued', released: true }).first('id');
    if (waiting !== undefined) await this.change(async (step) => step.release());
  }

  recordRan(runId: number, { interpreter, imageDigest, packages }: Ran): Promise<void> {
    return this.change(async (step) => {
      const columns = { interpreter, image_digest: imageDigest, packages: packages ? JSON.stringify(packages) : null };
      await step.trx('runner_runs').where({ id: runId }).update(columns);
      step.changedRun(runId);
    });
  }

  append(runId: number, chunks: readonly OutputChunk[]): Promise<void> {
    return this.change(async (step) => {
      await insertChunks(step.trx, [{ runId, lastChunks: chunks }]);
      step.changedRun(runId);
    });
  }

  finish(runId: number, outcome: Outcome, lastChunks: readonly OutputChunk[], files: NewFiles = NO_FILES): Promise<void> {
    return this.end({ runId, outcome, lastChunks, files });
  }

  cancelRun(runId: number, reason: string): Promise<boolean> {
    return this.change(async (step) => {
      const row = await step.trx<RunRow>('runner_runs').where({ id: runId }).first('status');
      if (row?.status !== 'queued') return row?.status === 'running';
      const never = { exitCode: null, durationMs: null, peakMemoryBytes: null, truncated: false };
      await endRuns(step, [{ runId, outcome: { ...never, status: 'cancelled', reason }, lastChunks: [], files: NO_FILES }]);
      return false;
    });
  }

  cancelPass(passId: number, reason: string): Promise<number[]> {
    return this.change((step) => cancelPass(step, passId, reason));
  }

  interruptPass(reason: string): Promise<void> {
    return this.change(async (step) => {
      const active = await activePass(step.trx);
      if (active !== null && (await (await step.pass(active.id)).hasBegun())) await cancelPass(step, active.id, reason);
    });
  }

  recover(): Promise<void> {
    return this.change(recoverQueue);
  }

  private endAll(endings: readonly Ending[]): Promise<void> {
    return this.change(
      (step) => endRuns(step, endings),
      endings.map(({ runId }) => runId),
    );
  }

  /** One step. `ended` are the runs that end in it, unless they are over already. */
  private async change<T>(work: Work<T>, ended: readonly number[] = []): Promise<T> {
    const starting = new Starting(() => this.starter?.offer(ended) ?? null);
    const durable = this.db.transaction(async (trx) => {
      const step = new Step(trx, this.now());
      const value = await work(step, starting);
      await this.start(step, starting, ended.length > 0);
      await step.save();
      return { step, value, tell: step.ends.length > 0 ? await this.recordEnds(trx, step.ends) : () => undefined };
    });
    const { step, value, tell } = await durable.catch((error: unknown) => {
      // What it had started waits again.
      this.mayWait = true;
      starting.withdraw();
      throw error;
    });
    starting.accept();
    tell();
    for (const listener of this.listeners) listener(step);
    return value;
  }

  private async start(step: Step, starting: Starting, hasEnded: boolean): Promise<void> {
    if (step.hasReleased) this.mayWait = true;
    if (this.mayWait && (step.hasReleased || hasEnded)) await starting.claim(step);
    // Their places are free all the same.
    else if (hasEnded) starting.ask();
    if (starting.hasLeftNone) this.mayWait = false;
  }
}

type Work<T> = (step: Step, starting: Starting) => Promise<T>;

async function refuseTooMany(trx: Knex, person: string): Promise<void> {
  const [waiting] = await trx('runner_runs').where({ status: 'queued', started_by: person }).whereNull('pass_id').count({ count: '*' });
  if (Number(waiting?.count) >= personLimits.waitingRuns.most) throw personLimits.waitingRuns.refuse();
}

async function refuseTooManyPasses(trx: Knex, person: string): Promise<void> {
  const [open] = await trx('runner_passes').where({ started_by: person }).whereNull('finished_at').count({ count: '*' });
  if (Number(open?.count) >= personLimits.openPasses.most) throw personLimits.openPasses.refuse();
}
