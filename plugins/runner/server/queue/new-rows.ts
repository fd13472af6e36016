/** Turns what is wanted into rows, keeping texts and test data once. */
import { putBlobs } from '../store/blobs.ts';
import type { EngineRecord, NewRun } from './run-queue.ts';
import type { Step } from './step.ts';

/** Rows in one INSERT; SQLite takes 32,766 variables in a statement. */
const ROWS_PER_INSERT = 200;

/** Inserts a single run, and answers with its id. With an engine it runs from this step on, else it waits. */
export async function insertRun(step: Step, run: NewRun, engine: EngineRecord | null): Promise<number> {
  const hashes = await putBlobs(step.trx, [run.code, run.input]);
  const columns = { ...rowOf(run, hashes), released: true, queued_at: step.at, ...(engine ? runningColumns(step, run, engine) : WAITING) };
  const [inserted] = await step.trx('runner_runs').insert(columns).returning('id');
  const { id } = inserted as { id: number };
  step.changedRun(id);
  if (engine === null) step.release();
  return id;
}

/** Inserts the runs of a pass, none of which may start yet. Their revisions count from 1. */
export async function insertRunsOfPass(step: Step, passId: number, runs: readonly NewRun[]): Promise<void> {
  const hashes = await putBlobs(
    step.trx,
    runs.flatMap(({ code, input }) => [code, input]),
  );
  const rows = runs.map((run, index) => ({
    ...rowOf(run, hashes),
    ...WAITING,
    pass_id: passId,
    pass_revision: index + 1,
    released: false,
    queued_at: step.at,
  }));
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) await step.trx('runner_runs').insert(rows.slice(at, at + ROWS_PER_INSERT));
  const ids: number[] = await step.trx('runner_runs').where({ pass_id: passId }).pluck('id');
  for (const id of ids) step.changedRun(id);
}

const WAITING = { status: 'queued', engine: '', isolation: '' };

function runningColumns(step: Step, run: NewRun, { engine, interpreter, isolation, imageDigest }: EngineRecord): object {
  return {
    status: 'running',
    started_at: step.at,
    engine,
    interpreter: run.interpreter ?? interpreter,
    isolation,
    image_digest: imageDigest,
    start_order: step.trx.raw('(select coalesce(max(start_order), 0) + 1 from runner_runs)'),
  };
}

function rowOf(run: NewRun, hashes: ReadonlyMap<Uint8Array, string>): object {
  return {
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
