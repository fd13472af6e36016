/**
 * The queue of runs in the server's own database: every step is one
 * transaction, told to listeners only when it is durable. One process claims
 * from it; another implementation serves several.
 */
import { Unavailable } from '@ved/core/contract';
import type { OutputChunk, Ran } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { type NewFiles, NO_FILES } from '../files/gathered-files.ts';
import { readBlobs } from '../store/blobs.ts';
import type { RunRow } from '../store/rows.ts';
import { batched } from './batched.ts';
import { claimRuns } from './claim-runs.ts';
import { type Ending, endRuns, insertChunks } from './end-runs.ts';
import { insertRun, type Kept } from './new-rows.ts';
import { activePass, beginNextPass, cancelPass } from './pass-order.ts';
import { recoverQueue } from './recovery.ts';
import type { Changes, ClaimedRun, EngineRecord, NewPass, NewRun, Outcome, RunQueue } from './run-queue.ts';
import { Step } from './step.ts';

/** Single runs that one person may have waiting: far more than anybody starts by hand, few enough to be refused before a disk fills. */
const WAITING_LIMIT = 1000;

export class SqliteRunQueue implements RunQueue {
  private readonly listeners = new Set<(changes: Changes) => void>();
  private readonly end = batched<Ending>((endings) => this.change((step) => endRuns(step, endings)));

  constructor(
    private readonly db: Knex,
    /** The time of day; ISO 8601. */
    private readonly now: () => string,
  ) {}

  onChange(listener: (changes: Changes) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  addRun(run: NewRun): Promise<number> {
    return this.change((step) => addSingleRun(step, run));
  }

  async addAndClaim(run: NewRun, count: number, engine: EngineRecord): Promise<{ id: number; claimed: ClaimedRun[] }> {
    const { id, rows } = await this.change(async (step) => ({
      id: await addSingleRun(step, run),
      rows: await claimRuns(step, count, engine),
    }));
    return { id, claimed: await this.withBytes(rows) };
  }

  addPass(pass: NewPass): Promise<number> {
    return this.change(async (step) => {
      const columns = { status: 'queued', on_failure: pass.onFailure, started_by: pass.startedBy, created_at: step.at };
      const [inserted] = await step
        .trx('runner_passes')
        .insert({ ...columns, total: pass.runs.length, revision: pass.runs.length + 1 })
        .returning('id');
      const { id } = inserted as { id: number };
      const kept: Kept = new Map();
      for (const [index, run] of pass.runs.entries()) {
        await insertRun(step, run, { passId: id, passRevision: index + 1, released: false }, kept);
      }
      step.changedPass(id);
      await beginNextPass(step);
      return id;
    });
  }

  async claim(count: number, engine: EngineRecord): Promise<ClaimedRun[]> {
    // Asked outside of a transaction first: the queue is nearly always empty.
    if ((await this.db('runner_runs').where({ status: 'queued', released: true }).first('id')) === undefined) return [];
    const rows = await this.change((step) => claimRuns(step, count, engine));
    return this.withBytes(rows);
  }

  recordRan(runId: number, { interpreter, imageDigest }: Ran): Promise<void> {
    return this.change(async (step) => {
      await step.trx('runner_runs').where({ id: runId }).update({ interpreter, image_digest: imageDigest });
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

  private async withBytes(rows: readonly RunRow[]): Promise<ClaimedRun[]> {
    const bytes = await readBlobs(
      this.db,
      rows.flatMap((row) => [row.code_sha256, row.input_sha256]),
    );
    return rows.map((row) => toClaimed(row, bytes));
  }

  private async change<T>(work: (step: Step) => Promise<T>): Promise<T> {
    const [step, result] = await this.db.transaction(async (trx) => {
      const begun = new Step(trx, this.now());
      const value = await work(begun);
      await begun.save();
      return [begun, value] as const;
    });
    for (const listener of this.listeners) listener(step);
    return result;
  }
}

function toClaimed(row: RunRow, bytes: ReadonlyMap<string, Buffer>): ClaimedRun {
  return {
    id: row.id,
    scriptId: row.script_id,
    passId: row.pass_id,
    startedBy: row.started_by,
    code: bytes.get(row.code_sha256)!,
    input: bytes.get(row.input_sha256)!,
    limits: JSON.parse(row.limits),
    wantedInterpreter: row.wanted_interpreter,
    ran: { interpreter: row.interpreter, imageDigest: row.image_digest },
  };
}

async function addSingleRun(step: Step, run: NewRun): Promise<number> {
  await refuseTooMany(step.trx, run.startedBy);
  return insertRun(step, run, { passId: null, passRevision: null, released: true });
}

async function refuseTooMany(trx: Knex, person: string): Promise<void> {
  const [waiting] = await trx('runner_runs').where({ status: 'queued', started_by: person }).whereNull('pass_id').count({ count: '*' });
  if (Number(waiting?.count) < WAITING_LIMIT) return;
  const detail = `${person} already has ${WAITING_LIMIT} runs waiting. Wait for some to end, or cancel them.`;
  throw new Unavailable('runner/queue-full', detail, { headers: { 'Retry-After': '10' } });
}
