/**
 * Recovers the row of every commit that has none, because of a crash or because
 * an older database was restored. Runs at the start, and reads only the commits
 * after the mark of each branch.
 */
import type { PluginContext } from '@ved/core/server';
import type { RecordedCommit, ScriptRepository } from '@ved/git/contract';
import { PROD } from '@ved/git/contract';
import type { Knex } from 'knex';
import { nextFreeInGroup, nextGroup } from '../ordering-number.ts';
import { numbersExhausted } from '../problems.ts';
import type { PythonAnalyser } from '../python/analyser.ts';
import { fileNameOf, largestNumber, newestContent, prodOf, takenNumbers } from '../store/catalog-store.ts';
import { bumpRevision, clearProd, insertScript, insertVersion, removeUnwrittenScripts, setProd } from '../store/catalog-writes.ts';
import type { VersionRow } from '../store/rows.ts';
import { changesFrom } from './line-changes.ts';
import { prodStanding, readCommitted } from './prod-standing.ts';
import { describeScript, named } from './script-name.ts';
import { addUnmerged, recomputeUnmerged, updateUnmerged } from './unmerged.ts';
import { markRecorded } from './version-journal.ts';
import {
  decodeTrailers,
  type MergeRecord,
  parseLabel,
  type RemovalRecord,
  type VersionNumber,
  type VersionRecord,
} from './version-record.ts';

interface Parts extends Pick<PluginContext, 'db' | 'log'> {
  readonly repository: ScriptRepository;
  readonly analyser: PythonAnalyser;
}

/** Brings SQLite up to date with git, then removes scripts whose first version was never committed. Returns how many rows were recovered. */
export async function reconcile(parts: Parts): Promise<number> {
  const heads = await parts.repository.branches();
  const marks = new Map<string, string>();
  for (const row of await parts.db('catalog_branches').select<{ branch: string; recorded_commit: string }[]>()) {
    marks.set(row.branch, row.recorded_commit);
  }
  // Prod last: it refers to versions of the others.
  const branches = [...heads.keys()].sort((a, b) => Number(a === PROD) - Number(b === PROD));
  let adopted = 0;
  for (const branch of branches) {
    if (heads.get(branch) !== marks.get(branch)) adopted += await reconcileBranch(parts, branch, marks.get(branch) ?? null);
  }
  await removeUnwrittenScripts(parts.db);
  return adopted;
}

async function reconcileBranch(parts: Parts, branch: string, mark: string | null): Promise<number> {
  const commits: RecordedCommit[] = [];
  for await (const commit of parts.repository.recorded(branch, mark)) commits.push(commit);
  let adopted = 0;
  for (const commit of commits.reverse()) if (await adopt(parts, commit)) adopted += 1;
  return adopted;
}

/** Writes the row of one commit, unless it exists. */
async function adopt(parts: Parts, commit: RecordedCommit): Promise<boolean> {
  const decoded = decodeTrailers(commit.trailers);
  if (!decoded) return false;
  const { number, record } = decoded;
  const adoptRow = await prepare(parts, commit, number, record);
  const made = await parts.db.transaction(async (trx) => {
    const isNew = await adoptRow(trx);
    await markRecorded(trx, commit.branch, commit.commit);
    return isNew;
  });
  if (made)
    parts.log.warn(
      { commit: commit.commit, branch: commit.branch, version: commit.trailers['Ved-Version'] },
      'recorded a commit that had no row',
    );
  return made;
}

type Adoption = (trx: Knex.Transaction) => Promise<boolean>;

async function prepare(
  parts: Parts,
  commit: RecordedCommit,
  number: VersionNumber,
  record: VersionRecord | MergeRecord | RemovalRecord,
): Promise<Adoption> {
  if (record.kind === 'off-prod') return removal(parts, commit, number);
  const content = await readCommitted(parts.repository, commit.commit, number.scriptId);
  if (record.kind === 'prod') return prepareProd(parts, commit, number, record, content);
  return prepareVersion(parts, commit, number, record, content);
}

function removal({ repository, log }: Parts, commit: RecordedCommit, number: VersionNumber): Adoption {
  return async (trx) => {
    const version = await findVersion(trx, number);
    if (!version) {
      log.error({ commit: commit.commit, ...number }, 'a script was taken off prod in a version that is on no editor branch');
      return false;
    }
    if (await trx('catalog_merges').where({ git_commit_hash: commit.commit }).first()) return false;
    await bumpRevision(trx);
    const prod = { script_id: number.scriptId, version_id: version.id };
    await clearProd(trx, prod, { at: new Date(commit.at).toISOString(), by: commit.author, commit: commit.commit });
    await recomputeUnmerged(trx, repository, number.scriptId);
    return true;
  };
}

async function prepareVersion(
  { repository, analyser, log }: Parts,
  commit: RecordedCommit,
  number: VersionNumber,
  record: VersionRecord,
  content: string,
): Promise<Adoption> {
  const { docstring, diagnostics } = await analyser.analyse(content, commit.author);
  return async (trx) => {
    const existing = await findVersion(trx, number);
    if (existing) {
      if (existing.git_commit_hash !== commit.commit) {
        log.error({ commit: commit.commit, recorded: existing.git_commit_hash, ...number }, 'two commits claim to be the same version');
      }
      return false;
    }
    await bumpRevision(trx);
    await ensureScript(trx, commit, number.scriptId, record.file_name ?? null);
    const find = async (label: string | null, scriptId = number.scriptId): Promise<VersionRow | null> =>
      label === null ? null : ((await findVersion(trx, { scriptId, ...parseLabel(label) })) ?? null);
    const [base, merged] = [await find(record.base), await find(record.merged)];
    const { parent } = record;
    const parents = [base, merged].filter((row) => row !== null);
    const madeFrom = parents.map((row) => row.id);
    const prodState = await prodStanding(trx, repository, await prodOf(trx, number.scriptId), { content, madeFrom });
    const version = await insertVersion(trx, {
      ...number,
      kind: record.kind,
      committer: commit.author,
      branch: commit.branch,
      createdAt: new Date(commit.at).toISOString(),
      commit: commit.commit,
      parent: parent && { scriptId: parent.script_id, versionId: (await find(parent.version, parent.script_id))?.id ?? null },
      baseId: base?.id ?? null,
      mergedId: merged?.id ?? null,
      message: record.message,
      provenance: record.provenance == null ? null : JSON.stringify(record.provenance),
      content,
      ...named(describeScript(docstring), await fileNameOf(trx, number.scriptId)),
      diagnostics,
      prodState,
      changes: await changesFrom(trx, repository, content, parents),
    });
    await addUnmerged(trx, version, prodState);
    return true;
  };
}

async function prepareProd(
  { repository, analyser, log }: Parts,
  commit: RecordedCommit,
  number: VersionNumber,
  record: MergeRecord,
  content: string,
): Promise<Adoption> {
  const fingerprint = await analyser.fingerprint(content, commit.author);
  return async (trx) => {
    const version = await findVersion(trx, number);
    if (!version) {
      log.error({ commit: commit.commit, ...number }, 'prod has a version that is on no editor branch');
      return false;
    }
    const known = await trx('catalog_merges').where({ git_commit_hash: commit.commit }).first();
    if (known) return false;
    await bumpRevision(trx);
    const prod = { script_id: number.scriptId, version_id: version.id, git_commit_hash: commit.commit, content, fingerprint };
    const newest = await trx('catalog_scripts').where({ id: number.scriptId }).first<{ latest_version_id: number }>();
    const candidate = { content: await newestContent(trx, number.scriptId), madeFrom: [newest.latest_version_id] };
    const prodState = await prodStanding(trx, repository, prod, candidate);
    await setProd(trx, prod, { at: new Date(commit.at).toISOString(), by: commit.author, duplicateOf: record.duplicate_of, prodState });
    await updateUnmerged(trx, repository, prod);
    return true;
  };
}

async function findVersion(trx: Knex.Transaction, number: VersionNumber): Promise<VersionRow | undefined> {
  const { scriptId, major, minor } = number;
  return trx('catalog_versions').where({ script_id: scriptId, major, minor }).first<VersionRow | undefined>();
}

/** A script that is missing in the database is added at the end of the catalog. */
async function ensureScript(trx: Knex.Transaction, commit: RecordedCommit, id: number, file_name: string | null): Promise<void> {
  if (await trx('catalog_scripts').where({ id }).first()) return;
  const ordering = nextGroup(await largestNumber(trx)) ?? nextFreeInGroup(1, await takenNumbers(trx));
  if (ordering === null) throw numbersExhausted();
  await insertScript(trx, {
    id,
    ordering,
    created_at: new Date(commit.at).toISOString(),
    created_by: commit.author,
    file_name,
    testData: '',
  });
}
