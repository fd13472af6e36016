/** How a version compares to prod: what merging it would take. */

import type { ProdState } from '@ved/catalog/contract';
import type { MergeResult } from '@ved/core/text';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { versionOf } from '../store/catalog-store.ts';
import type { ProdRow } from '../store/rows.ts';
import { Lineage } from './lineage.ts';

/** A text that is saved or about to be. */
export interface Candidate {
  readonly content: string;
  /** Its own version when it is saved, else the versions it is made from. */
  readonly madeFrom: readonly number[];
}

/** Both sides of a merge and their common base. */
export interface ThreeWay {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly result: MergeResult;
}

/** Whether the candidate could be merged to prod. */
export async function prodStanding(db: Knex, repository: ScriptRepository, prod: ProdRow | null, candidate: Candidate): Promise<ProdState> {
  if (!prod) return 'none';
  if (candidate.content === prod.content) return 'same';
  const near = await Lineage.of(db, prod.script_id, prod.version_id);
  if (candidate.madeFrom.some((id) => near.isAncestor(prod.version_id, id))) return 'ahead';
  const { result } = await mergeWithProd(db, repository, prod, candidate);
  if (!result.clean) return 'conflict';
  return result.text === prod.content ? 'same' : 'ahead';
}

/** Three-way merge of a candidate with prod. `ours` is prod. */
export async function mergeWithProd(db: Knex, repository: ScriptRepository, prod: ProdRow, candidate: Candidate): Promise<ThreeWay> {
  const lineage = await Lineage.of(db, prod.script_id);
  const bases = candidate.madeFrom.map((id) => lineage.commonBase(prod.version_id, id)).filter((id) => id !== null);
  const base = bases.length === 0 ? '' : await textOf(db, repository, prod.script_id, Math.max(...bases));
  return { base, ours: prod.content, theirs: candidate.content, result: await repository.merge(base, prod.content, candidate.content) };
}

/** The text of a version, from git. */
export async function textOf(db: Knex, repository: ScriptRepository, scriptId: number, versionId: number): Promise<string> {
  const version = await versionOf(db, scriptId, versionId);
  return readCommitted(repository, version.git_commit_hash, scriptId);
}

/** The text of a script in a commit that is known to contain it. */
export async function readCommitted(repository: ScriptRepository, commit: string, scriptId: number): Promise<string> {
  const text = await repository.read(commit, scriptId);
  if (text === null) throw new Error(`commit ${commit} does not contain script ${scriptId}; the scripts repository is damaged`);
  return text;
}
