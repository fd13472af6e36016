/**
 * The queue of runs in the server's own database. Changes of one turn share a
 * transaction; listeners are called once it is durable. Only one process may claim
 * runs from it.
 */
import type { RunEnd } from '@ved/catalog/contract';
import { personLimits } from '@ved/core/server';
import type { OutputChunk, Ran } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { type NewFiles, NO_FILES } from '../files/gathered-files.ts';
import { putBlobs } from '../store/blobs.ts';
import { insertFiles } from '../store/file-store.ts';
import type { RunRow } from '../store/rows.ts';
import { claimRuns } from './claim.ts';
import { activePass, beginNextPass, cancelPass, interruptActivePass } from './passes.ts';
import type { Changes, ClaimedRun, ClaimOptions, NewPass, NewRun, Outcome, RunQueue } from './run-queue.ts';
import { Step, Steps } from './step.ts';

/** Records ended runs elsewhere, in the transaction that ends them. The returned function is called after the commit. */
export type RecordEnds = (trx: Knex.Transaction, ends: readonly RunEnd[]) => Promise<() => void>;

/** Rows in one INSERT; SQLite takes 32,766 variables in a statement. */
const ROWS_PER_INSERT = 200;
const INTERRUPTED = 'The server stopped while it was running.';
const WAITING = { status: 'queued', engine: '', isolation: '' };
const NEVER_RAN = { exitCode: null, durationMs: null, peakMemoryBytes: null, truncated: false };

export class SqliteRunQueue implements RunQueue {
  private readonly listeners = new Set<(changes: Changes) => void>();
  private readonly steps = new Steps((works) => this.take(works));

  constructor(
    private readonly db: Knex,
    /** The current time; ISO 8601. */
    private readonly now: () => string,
    private readonly recordEnds: RecordEnds,
  ) {}

  onChange(listener: (changes: Changes) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  addRun(run: NewRun): Promise<number> {
    return this.steps.do(async (step) => {
      await refuseTooMany(step.trx, run.startedBy);
      const hashes = await putBlobs(step.trx, [run.code, run.input]);
      const columns = { ...rowOf(run, hashes), released: true, queued_at: step.at };
      const [inserted] = await step.trx('runner_runs').insert(columns).returning('id');
      const { id } = inserted as { id: number };
      step.changedRun(id);
      step.release();
      return id;
    });
  }

  addPass(pass: NewPass): Promise<number> {
    return this.steps.do(async (step) => {
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

  claim(count: number, options: ClaimOptions): Promise<readonly ClaimedRun[]> {
    return this.steps.do((step) => claimRuns(step, count, options));
  }

  recordRan(runId: number, { interpreter, imageDigest, packages }: Ran): Promise<void> {
    return this.steps.do(async (step) => {
      const columns = { interpreter, image_digest: imageDigest, packages: packages ? JSON.stringify(packages) : null };
      await step.trx('runner_runs').where({ id: runId }).update(columns);
      step.changedRun(runId);
    });
  }

  append(runId: number, chunks: readonly OutputChunk[]): Promise<void> {
    return this.steps.do(async (step) => {
      await insertChunks(step.trx, runId, chunks);
      step.changedRun(runId);
    });
  }

  finish(runId: number, outcome: Outcome, lastChunks: readonly OutputChunk[], files: NewFiles = NO_FILES): Promise<void> {
    return this.steps.do((step) => endRun(step, { runId, outcome, lastChunks, files }));
  }

  cancelRun(runId: number, reason: string): Promise<boolean> {
    return this.steps.do(async (step) => {
      const row = await step.trx<RunRow>('runner_runs').where({ id: runId }).first('status');
      if (row?.status !== 'queued') return row?.status === 'running';
      await endRun(step, { runId, outcome: { ...NEVER_RAN, status: 'cancelled', reason }, lastChunks: [], files: NO_FILES });
      return false;
    });
  }

  cancelPass(passId: number, reason: string): Promise<number[]> {
    return this.steps.do((step) => cancelPass(step, passId, reason));
  }

  interruptPass(reason: string): Promise<void> {
    return this.steps.do(async (step) => {
      const active = await activePass(step.trx);
      if (active !== null && (await (await step.pass(active.id)).hasStarted())) await cancelPass(step, active.id, reason);
    });
  }

  /** Nothing stays `running` and nothing runs twice; what had not started stays queued. */
  recover(): Promise<void> {
    return this.steps.do(async (step) => {
      const interrupted: RunRow[] = await step.trx('runner_runs').where({ status: 'running' }).select('id', 'script_id');
      for (const { id, script_id: scriptId } of interrupted) {
        step.changedRun(id);
        step.ended({ runId: id, scriptId, exitCode: null, status: 'engine_error' });
      }
      await interruptActivePass(step, INTERRUPTED);
      const ended = { status: 'engine_error', reason: INTERRUPTED, finished_at: step.at };
      await step.trx('runner_runs').where({ status: 'running' }).update(ended);
      // The reasons why runs were waiting may no longer apply.
      await step.trx('runner_runs').where({ status: 'queued' }).whereNotNull('reason').update({ reason: null });
      await beginNextPass(step);
    });
  }

  private async take(works: readonly ((step: Step) => Promise<unknown>)[]): Promise<readonly unknown[]> {
    const { step, values, afterCommit } = await this.db.transaction(async (trx) => {
      const step = new Step(trx, this.now());
      const values: unknown[] = [];
      for (const work of works) {
        values.push(await work(step));
        // The next work in the step may query passes by their columns.
        await step.save();
      }
      return { step, values, afterCommit: step.ends.length > 0 ? await this.recordEnds(trx, step.ends) : () => undefined };
    });
    afterCommit();
    for (const listener of this.listeners) listener(step);
    return values;
  }
}

interface Ending {
  readonly runId: number;
  readonly outcome: Outcome;
  readonly lastChunks: readonly OutputChunk[];
  readonly files: NewFiles;
}

/** Ends a run and advances its pass; does nothing if the run has ended. */
async function endRun(step: Step, { runId, outcome, lastChunks, files }: Ending): Promise<void> {
  const run: Pick<RunRow, 'pass_id' | 'script_id' | 'status'> | undefined = await step
    .trx('runner_runs')
    .where({ id: runId })
    .whereIn('status', ['queued', 'running'])
    .first('pass_id', 'script_id', 'status');
  if (!run) return;
  if (run.status === 'running') step.ended({ runId, scriptId: run.script_id, exitCode: outcome.exitCode, status: outcome.status });
  await insertChunks(step.trx, runId, lastChunks);
  const columns = { ...outcomeColumns(outcome), ...(await insertFiles(step.trx, runId, files)) };
  if (run.pass_id === null) {
    await step
      .trx('runner_runs')
      .where({ id: runId })
      .update({ ...columns, finished_at: step.at });
    step.changedRun(runId);
    return;
  }
  const pass = await step.pass(run.pass_id);
  await pass.endRun(runId, columns);
  await pass.advance();
  if (pass.isOver) await beginNextPass(step);
}

function outcomeColumns(outcome: Outcome) {
  return {
    status: outcome.status,
    exit_code: outcome.exitCode,
    reason: outcome.reason,
    duration_ms: inMicroseconds(outcome.durationMs),
    peak_memory_bytes: outcome.peakMemoryBytes,
    truncated: outcome.truncated,
    error_line: outcome.errorLine ?? null,
    reused: outcome.reused ?? false,
  };
}

/** The clock's digits exceed its precision: 125.95317900000373 ms. */
function inMicroseconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}

async function insertChunks(trx: Knex, runId: number, chunks: readonly OutputChunk[]): Promise<void> {
  const rows = chunks.map(({ seq, stream, text }) => ({ run_id: runId, seq, stream, data: Buffer.from(text, 'utf8') }));
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) await trx('runner_output').insert(rows.slice(at, at + ROWS_PER_INSERT));
}

/** Inserts the runs of a pass, not yet released. Their revisions count from 1. */
async function insertRunsOfPass(step: Step, passId: number, runs: readonly NewRun[]): Promise<void> {
  const hashes = await putBlobs(
    step.trx,
    runs.flatMap(({ code, input }) => [code, input]),
  );
  const rows = runs.map((run, index) => ({
    ...rowOf(run, hashes),
    pass_id: passId,
    pass_revision: index + 1,
    released: false,
    queued_at: step.at,
  }));
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) await step.trx('runner_runs').insert(rows.slice(at, at + ROWS_PER_INSERT));
  const ids: number[] = await step.trx('runner_runs').where({ pass_id: passId }).pluck('id');
  for (const id of ids) step.changedRun(id);
}

/** The row of a queued run. `hashes` are the keys of its text and its test data. */
function rowOf(run: NewRun, hashes: ReadonlyMap<Uint8Array, string>): object {
  return {
    ...WAITING,
    script_id: run.scriptId,
    script_version_id: run.versionId,
    ordering: run.ordering,
    descriptive_name: run.descriptiveName,
    version_label: run.versionLabel,
    source: run.source,
    unsaved: run.unsaved,
    unsaved_test_data: run.unsavedTestData,
    git_commit_hash: run.gitCommitHash,
    code_sha256: hashes.get(run.code),
    input_sha256: hashes.get(run.input),
    started_by: run.startedBy,
    interpreter: run.interpreter ?? '',
    wanted_interpreter: run.wantedInterpreter,
    needs_packages: run.needsPackages,
    limits: JSON.stringify(run.limits),
  };
}

async function refuseTooMany(trx: Knex, person: string): Promise<void> {
  const [waiting] = await trx('runner_runs').where({ status: 'queued', started_by: person }).whereNull('pass_id').count({ count: '*' });
  if (Number(waiting?.count) >= personLimits.waitingRuns.most) throw personLimits.waitingRuns.refuse();
}

async function refuseTooManyPasses(trx: Knex, person: string): Promise<void> {
  const [open] = await trx('runner_passes').where({ started_by: person }).whereNull('finished_at').count({ count: '*' });
  if (Number(open?.count) >= personLimits.openPasses.most) throw personLimits.openPasses.refuse();
}
