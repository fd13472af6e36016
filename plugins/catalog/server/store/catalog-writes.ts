/**
 * Writes to the catalog's tables. Each runs inside a transaction that started
 * with `bumpRevision`, so that no response is served from before the change.
 */
import type { Diagnostic, ProdState } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { type ChangesFrom, insertChanges } from './line-change-rows.ts';
import type { ProdRow, VersionKind, VersionRow } from './rows.ts';
import { searchTextOf } from './search-text.ts';

/** Runs `change` in a transaction that bumps the revision. */
export function changeCatalog<T>(db: Knex, change: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (trx) => {
    await bumpRevision(trx);
    return change(trx);
  });
}

export async function bumpRevision(trx: Knex.Transaction): Promise<void> {
  await trx('catalog_state').where({ id: 1 }).increment('revision', 1);
}

/** Inserts a row and returns its id, on every database. */
async function insertRow(trx: Knex.Transaction, table: string, row: object): Promise<number> {
  const [inserted] = (await trx(table).insert(row).returning('id')) as [{ id: number }];
  return inserted.id;
}

/** Inserts a script without a version; it is invisible until the first one is written. */
export async function insertScript(
  trx: Knex.Transaction,
  script: { id?: number; ordering: number; created_at: string; created_by: string; file_name?: string | null; testData: string },
): Promise<number> {
  const { testData, ...row } = script;
  const id = await insertRow(trx, 'catalog_scripts', row);
  await setTestData(trx, id, testData);
  return id;
}

/** Removes scripts that never got a version: those in `among`, else all. */
export async function removeUnwrittenScripts(db: Knex, among?: readonly number[]): Promise<void> {
  await db.transaction(async (trx) => {
    const unwritten = trx('catalog_scripts').whereNull('latest_version_id');
    if (among) unwritten.whereIn('id', among);
    const ids = await unwritten.pluck<number[]>('id');
    await trx('catalog_test_data').whereIn('script_id', ids).delete();
    await trx('catalog_scripts').whereIn('id', ids).delete();
  });
}

/** A version with its text, before it has an id. */
export interface NewVersion {
  readonly scriptId: number;
  readonly major: number;
  readonly minor: number;
  readonly kind: VersionKind;
  readonly committer: string;
  readonly branch: string;
  readonly createdAt: string;
  readonly commit: string;
  readonly parent: { readonly scriptId: number; readonly versionId: number | null } | null;
  readonly baseId: number | null;
  readonly mergedId: number | null;
  readonly message: string | null;
  /** JSON. */
  readonly provenance: string | null;
  readonly content: string;
  readonly name: string;
  readonly description: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly saveDigest?: string | undefined;
  /** The folded `searchedOf`, when computed before the transaction so that other writes need not wait for it. */
  readonly searchText?: string;
  readonly prodState: ProdState;
  /** The lines that it changed in each version it was made from. */
  readonly changes: readonly ChangesFrom[];
}

/** Adds a version and makes it the script's newest. */
export async function insertVersion(trx: Knex.Transaction, version: NewVersion): Promise<VersionRow> {
  const { name, description } = version;
  const row: Omit<VersionRow, 'id'> = {
    script_id: version.scriptId,
    major: version.major,
    minor: version.minor,
    kind: version.kind,
    committer: version.committer,
    branch: version.branch,
    created_at: version.createdAt,
    git_commit_hash: version.commit,
    parent_script_id: version.parent?.scriptId ?? null,
    parent_version_id: version.parent?.versionId ?? null,
    base_version_id: version.baseId,
    merged_version_id: version.mergedId,
    message: version.message,
    provenance: version.provenance,
    name,
    description,
    diagnostics: JSON.stringify(version.diagnostics),
    save_digest: version.saveDigest ?? null,
  };
  const id = await insertRow(trx, 'catalog_versions', row);
  await insertChanges(trx, id, version.changes);
  await trx('catalog_scripts').where({ id: version.scriptId }).update({ latest_version_id: id, prod_state: version.prodState });
  await setContent(trx, version.scriptId, version.content, version.searchText ?? (await searchTextOf(searchedOf(version))));
  return { id, ...row };
}

/** The searchable text of a version. */
export function searchedOf({ name, description, content }: Pick<NewVersion, 'name' | 'description' | 'content'>): string {
  return `${name}\n${description}\n${content}`;
}

async function setContent(trx: Knex.Transaction, scriptId: number, content: string, searchText: string): Promise<void> {
  const row = { script_id: scriptId, content, search_text: searchText };
  await trx('catalog_contents').insert(row).onConflict('script_id').merge();
}

export async function setTestData(trx: Knex.Transaction, scriptId: number, content: string): Promise<void> {
  await trx('catalog_test_data').insert({ script_id: scriptId, content }).onConflict('script_id').merge();
}

/** Records that a script's version is on prod, and the merge. */
export async function setProd(
  trx: Knex.Transaction,
  prod: ProdRow,
  merge: { at: string; by: string; duplicateOf: number | null; prodState: ProdState },
): Promise<void> {
  await trx('catalog_prod').insert(prod).onConflict('script_id').merge();
  await trx('catalog_merges').insert({
    script_id: prod.script_id,
    version_id: prod.version_id,
    git_commit_hash: prod.git_commit_hash,
    merged_at: merge.at,
    merged_by: merge.by,
    duplicate_of: merge.duplicateOf,
  });
  await trx('catalog_scripts').where({ id: prod.script_id }).update({ prod_state: merge.prodState });
}

/** Records that a script was taken off prod, and when. */
export async function clearProd(
  trx: Knex.Transaction,
  prod: Pick<ProdRow, 'script_id' | 'version_id'>,
  removal: { at: string; by: string; commit: string },
): Promise<void> {
  const { script_id, version_id } = prod;
  await trx('catalog_prod').where({ script_id }).delete();
  await trx('catalog_merges').insert({
    script_id,
    version_id,
    git_commit_hash: removal.commit,
    merged_at: removal.at,
    merged_by: removal.by,
    duplicate_of: null,
    takes_off: true,
  });
  await trx('catalog_scripts').where({ id: script_id }).update({ prod_state: 'none' });
}
