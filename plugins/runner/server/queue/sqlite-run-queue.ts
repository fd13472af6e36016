/**
 * The queue of runs in the server's own database: every step is one
 * transaction, told to listeners only when it is durable. One process claims
 * from it; another implementation serves several.
 */
import { Unavailable } from '@ved/core/contract';
import type { OutputChunk } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { readBlob } from '../store/blobs.ts';
import type { RunRow } from '../store/rows.ts';
import { ChangeSet } from './change-set.ts';
import { claimRuns } from './claim-runs.ts';
import { endRun } from './end-run.ts';
import { insertRun, type Kept } from './new-rows.ts';
import { OpenPass } from './open-pass.ts';
import { activePassRow, beginNextPass } from './pass-order.ts';
import type { Changes, ClaimedRun, EngineRecord, NewPass, NewRun, Outcome, RunQueue } from './run-queue.ts';

/** Single runs that one person may have waiting: far more than anybody starts by hand, few enough to be refused before a disk fills. */
const WAITING_LIMIT = 1000;
/** Rows in one INSERT; SQLite takes 32,766 variables in a statement. */
const ROWS_PER_INSERT = 200;
const STOPPED = 'The server stopped while it ran.';

export class SqliteRunQueue implements RunQueue {
  private readonly listeners = new Set<(changes: Changes) => void>();

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
    return this.change(async (trx, changed) => {
      await refuseTooMany(trx, run.startedBy);
      const id = await insertRun(trx, run, { passId: null, passRevision: null, released: true, at: this.now() });
      changed.run(id);
      return id;
    });
  }

  addPass(pass: NewPass): Promise<number> {
    return this.change(async (trx, changed) => {
      const at = this.now();
      const columns = { status: 'queued', on_failure: pass.onFailure, started_by: pass.startedBy, created_at: at };
      const [inserted] = await trx('runner_passes')
        .insert({ ...columns, total: pass.runs.length, revision: pass.runs.length + 1 })
        .returning('id');
      const { id } = inserted as { id: number };
      const kept: Kept = new Map();
      for (const [index, run] of pass.runs.entries()) {
        changed.run(await insertRun(trx, run, { passId: id, passRevision: index + 1, released: false, at }, kept));
      }
      changed.pass(id);
      await beginNextPass(trx, changed, at);
      return id;
    });
  }

  async claim(count: number, engine: EngineRecord): Promise<ClaimedRun[]> {
    // Asked outside of a transaction first: the queue is nearly always empty.
    if ((await this.db('runner_runs').where({ status: 'queued', released: true }).first('id')) === undefined) return [];
    const rows = await this.change((trx, changed) => claimRuns(trx, changed, count, engine, this.now()));
    return Promise.all(rows.map((row) => this.toClaimed(row)));
  }

  append(runId: number, chunks: readonly OutputChunk[]): Promise<void> {
    return this.change(async (trx, changed) => {
      await insertChunks(trx, runId, chunks);
      changed.run(runId);
    });
  }

  finish(runId: number, outcome: Outcome, lastChunks: readonly OutputChunk[]): Promise<void> {
    return this.change(async (trx, changed) => {
      await insertChunks(trx, runId, lastChunks);
      await endRun(trx, changed, runId, outcome, this.now());
    });
  }

  cancelRun(runId: number, reason: string): Promise<boolean> {
    return this.change(async (trx, changed) => {
      const row = await trx<RunRow>('runner_runs').where({ id: runId }).first('status');
      if (row?.status !== 'queued') return row?.status === 'running';
      const never = { exitCode: null, durationMs: null, peakMemoryBytes: null, truncated: false };
      await endRun(trx, changed, runId, { ...never, status: 'cancelled', reason }, this.now());
      return false;
    });
  }

  cancelPass(passId: number, reason: string): Promise<number[]> {
    return this.change((trx, changed) => cancelPass(trx, changed, passId, reason, this.now()));
  }

  interruptPass(reason: string): Promise<void> {
    return this.change(async (trx, changed) => {
      const active = await activePassRow(trx);
      if (active !== null && (await hasBegun(trx, active.id))) await cancelPass(trx, changed, active.id, reason, this.now());
    });
  }

  recover(): Promise<void> {
    return this.change(async (trx, changed) => {
      const at = this.now();
      const interrupted: RunRow[] = await trx('runner_runs').where({ status: 'running' });
      const ended = { status: 'engine_error' as const, reason: STOPPED, finished_at: at };
      for (const run of interrupted.filter(({ pass_id }) => pass_id === null)) {
        await trx('runner_runs').where({ id: run.id }).update(ended);
        changed.run(run.id);
      }
      await this.recoverPass(trx, changed, interrupted, at);
      await beginNextPass(trx, changed, at);
    });
  }

  /** A pass of which something ran already does not go on by itself: what is between its groups is for a person to judge. */
  private async recoverPass(trx: Knex, changed: ChangeSet, interrupted: readonly RunRow[], at: string): Promise<void> {
    const active = await activePassRow(trx);
    if (active === null) return;
    const pass = await OpenPass.load(trx, changed, active.id);
    if (pass === null || (pass.row.status === 'running' && !(await hasBegun(trx, active.id)))) return;
    for (const run of interrupted.filter(({ pass_id }) => pass_id === active.id)) {
      await pass.endRun(run.id, { status: 'engine_error', reason: STOPPED, finished_at: at });
    }
    if (pass.row.status === 'running') {
      pass.row.status = 'engine_error';
      pass.row.reason = STOPPED;
    }
    await pass.endWaiting('The server stopped before it started.', at);
    await pass.advance(at);
  }

  private async toClaimed(row: RunRow): Promise<ClaimedRun> {
    return {
      id: row.id,
      scriptId: row.script_id,
      passId: row.pass_id,
      startedBy: row.started_by,
      code: await readBlob(this.db, row.code_sha256),
      input: await readBlob(this.db, row.input_sha256),
      limits: JSON.parse(row.limits),
    };
  }

  private async change<T>(work: (trx: Knex, changed: ChangeSet) => Promise<T>): Promise<T> {
    const changed = new ChangeSet();
    const result = await this.db.transaction((trx) => work(trx, changed));
    for (const listener of this.listeners) listener(changed);
    return result;
  }
}

async function refuseTooMany(trx: Knex, person: string): Promise<void> {
  const [waiting] = await trx('runner_runs').where({ status: 'queued', started_by: person }).whereNull('pass_id').count({ count: '*' });
  if (Number(waiting?.count) >= WAITING_LIMIT) {
    throw new Unavailable(
      'runner/queue-full',
      `${person} already has ${WAITING_LIMIT} runs waiting. Wait for some to end, or cancel them.`,
      {
        headers: { 'Retry-After': '10' },
      },
    );
  }
}

async function cancelPass(trx: Knex, changed: ChangeSet, passId: number, reason: string, at: string): Promise<number[]> {
  const pass = await OpenPass.load(trx, changed, passId);
  if (pass === null || pass.row.finished_at !== null) return [];
  const running = await pass.running();
  if (pass.row.status === 'cancelled') return running;
  pass.row.status = 'cancelled';
  pass.row.reason = reason;
  await pass.endWaiting(reason, at);
  if (await pass.advance(at)) await beginNextPass(trx, changed, at);
  return running;
}

async function hasBegun(trx: Knex, passId: number): Promise<boolean> {
  return (await trx('runner_runs').where({ pass_id: passId }).whereNotNull('start_order').first('id')) !== undefined;
}

async function insertChunks(trx: Knex, runId: number, chunks: readonly OutputChunk[]): Promise<void> {
  const rows = chunks.map(({ seq, stream, text }) => ({ run_id: runId, seq, stream, data: Buffer.from(text, 'utf8') }));
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) await trx('runner_output').insert(rows.slice(at, at + ROWS_PER_INSERT));
}
