/** Turns what is wanted into rows, keeping texts and test data once. */
import type { Knex } from 'knex';
import { putBlob } from '../store/blobs.ts';
import type { NewRun } from './run-queue.ts';
import type { Step } from './step.ts';

/** Where a run belongs and whether it may start. */
export interface Placement {
  readonly passId: number | null;
  readonly passRevision: number | null;
  readonly released: boolean;
}

/** Hashes of bytes already kept in this transaction; a pass hands the same test data to many runs. */
export type Kept = Map<Uint8Array, string>;

/** Inserts a run that waits and answers with its id. */
export async function insertRun(step: Step, run: NewRun, placement: Placement, kept: Kept = new Map()): Promise<number> {
  const [inserted] = await step
    .trx('runner_runs')
    .insert({
      script_id: run.scriptId,
      script_version_id: run.versionId,
      pass_id: placement.passId,
      pass_revision: placement.passRevision,
      ordering: run.ordering,
      descriptive_name: run.descriptiveName,
      version_label: run.versionLabel,
      source: run.source,
      unsaved: run.unsaved,
      git_commit_hash: run.gitCommitHash,
      code_sha256: await keep(step.trx, run.code, kept),
      input_sha256: await keep(step.trx, run.input, kept),
      started_by: run.startedBy,
      status: 'queued',
      released: placement.released,
      queued_at: step.at,
      engine: '',
      interpreter: run.interpreter ?? '',
      wanted_interpreter: run.wantedInterpreter,
      isolation: '',
      limits: JSON.stringify(run.limits),
    })
    .returning('id');
  const { id } = inserted as { id: number };
  step.changedRun(id);
  return id;
}

async function keep(trx: Knex, bytes: Uint8Array, kept: Kept): Promise<string> {
  const known = kept.get(bytes);
  if (known !== undefined) return known;
  const hash = await putBlob(trx, bytes);
  kept.set(bytes, hash);
  return hash;
}
