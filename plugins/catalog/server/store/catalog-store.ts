/**
 * Reads from the catalog's tables; `catalog-writes.ts` writes. Every function
 * takes the database as an argument, so that it can run inside a transaction.
 */
import { foldForSearch, LIST_DESCRIPTION_LIMIT, type ScriptSummary } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { fromHundredths } from '../ordering-number.ts';
import { type NamedScript, noSuchScript, noSuchVersion } from '../problems.ts';
import type { ProdRow, ScriptRow, VersionRow } from './rows.ts';

/** A script that exists and is not deleted, with its newest version. */
export interface LiveScript {
  readonly script: ScriptRow;
  readonly newest: VersionRow;
}

/** A row of the query behind the list. */
interface SummaryRow extends Omit<ScriptSummary, 'ordering_number' | 'descriptive_name' | 'prod_version' | 'other_unmerged'> {
  readonly ordering: number;
  readonly name: string;
  readonly prod_version_id: number | null;
  readonly prod_major: number;
  readonly prod_minor: number;
}

/** Every client loads the list, so descriptions are cut there; a script's detail has all of it. The database cuts them, so that nothing long is read. */
const BRIEF_DESCRIPTION = `CASE WHEN LENGTH(v.description) > ${LIST_DESCRIPTION_LIMIT}
  THEN SUBSTR(v.description, 1, ${LIST_DESCRIPTION_LIMIT - 1}) || '…' ELSE v.description END AS description`;

export async function revision(db: Knex): Promise<number> {
  const row = await db('catalog_state').first<{ revision: number }>('revision').where({ id: 1 });
  return row.revision;
}

/** Live scripts by number; with `search`, those that contain it in name, description or content. */
export async function summaries(db: Knex, search?: string): Promise<ScriptSummary[]> {
  const query = db('catalog_scripts as s')
    .join('catalog_versions as v', 'v.id', 's.latest_version_id')
    .leftJoin('catalog_prod as p', 'p.script_id', 's.id')
    .leftJoin('catalog_versions as pv', 'pv.id', 'p.version_id')
    .whereNull('s.deleted_at')
    .orderBy('s.ordering')
    .select<SummaryRow[]>(
      's.id',
      's.ordering',
      'v.name',
      db.raw(BRIEF_DESCRIPTION),
      'v.major',
      'v.minor',
      'v.created_at as last_modified',
      's.last_run_at',
      's.last_run_exit_code',
      's.last_run_status',
      'v.id as version_id',
      'v.committer',
      's.prod_state',
      'p.version_id as prod_version_id',
      'pv.major as prod_major',
      'pv.minor as prod_minor',
    );
  if (search !== undefined && search !== '') {
    query.join('catalog_contents as c', 'c.script_id', 's.id').whereRaw(`c.search_text LIKE ? ESCAPE '\\'`, [likePattern(search)]);
  }
  const [rows, others] = await Promise.all([query, otherUnmerged(db)]);
  return rows.map((row) => ({ ...summaryOf(row), other_unmerged: others.get(row.id) ?? [] }));
}

type OtherUnmerged = ScriptSummary['other_unmerged'][number];

/** By script, newest first, without the script's newest version. */
async function otherUnmerged(db: Knex): Promise<ReadonlyMap<number, OtherUnmerged[]>> {
  const rows = await db('catalog_unmerged as u')
    .join('catalog_scripts as s', 's.id', 'u.script_id')
    .join('catalog_versions as v', 'v.id', 'u.version_id')
    .whereRaw('u.version_id <> s.latest_version_id')
    .whereNot('u.state', 'same')
    .orderBy('u.version_id', 'desc')
    .select<(Omit<OtherUnmerged, 'in_newest'> & { script_id: number; in_newest: number | boolean })[]>(
      'u.script_id',
      'u.committer',
      'u.version_id',
      'v.major',
      'v.minor',
      'u.state',
      'u.in_newest',
    );
  const byScript = new Map<number, OtherUnmerged[]>();
  for (const { script_id, in_newest, ...row } of rows) {
    byScript.set(script_id, [...(byScript.get(script_id) ?? []), { ...row, in_newest: Boolean(in_newest) }]);
  }
  return byScript;
}

function likePattern(search: string): string {
  return `%${foldForSearch(search).replace(/[\\%_]/g, '\\$&')}%`;
}

function summaryOf({ ordering, name, prod_version_id, prod_major, prod_minor, ...row }: SummaryRow): Omit<ScriptSummary, 'other_unmerged'> {
  return {
    ...row,
    ordering_number: fromHundredths(ordering),
    descriptive_name: name,
    prod_version: prod_version_id === null ? null : { id: prod_version_id, major: prod_major, minor: prod_minor },
  };
}

/** Throws 404 for an unknown or deleted script. */
export async function liveScript(db: Knex, id: number): Promise<LiveScript> {
  const script = await scriptEvenDeleted(db, id);
  if (script.deleted_at !== null) throw noSuchScript(id);
  return { script, newest: await versionOf(db, id, script.latest_version_id) };
}

/** Throws 404 for a script that never existed. */
export async function scriptEvenDeleted(db: Knex, id: number): Promise<ScriptRow> {
  const script = await db('catalog_scripts').where({ id }).whereNotNull('latest_version_id').first<ScriptRow | undefined>();
  if (!script) throw noSuchScript(id);
  return script;
}

/** Throws 404 when the script has no such version. */
export async function versionOf(db: Knex, scriptId: number, versionId: number): Promise<VersionRow> {
  const version = await db('catalog_versions').where({ id: versionId, script_id: scriptId }).first<VersionRow | undefined>();
  if (!version) throw noSuchVersion(scriptId, versionId);
  return version;
}

/** The name of a script without a docstring; null when it was not imported. */
export async function fileNameOf(db: Knex, scriptId: number): Promise<string | null> {
  const row = await db('catalog_scripts').where({ id: scriptId }).first<{ file_name: string | null } | undefined>('file_name');
  return row?.file_name ?? null;
}

/** Newest first. */
export function versionsOf(db: Knex, scriptId: number): Promise<VersionRow[]> {
  return db('catalog_versions').where({ script_id: scriptId }).orderBy('id', 'desc').select<VersionRow[]>();
}

/** The newest version of a script by a person; null when there is none. */
export async function newestBy(db: Knex, scriptId: number, committer: string): Promise<VersionRow | null> {
  const query = db('catalog_versions').where({ script_id: scriptId, committer }).orderBy('id', 'desc');
  return (await query.first<VersionRow | undefined>()) ?? null;
}

export async function newestContent(db: Knex, scriptId: number): Promise<string> {
  const row = await db('catalog_contents').where({ script_id: scriptId }).first<{ content: string }>('content');
  return row.content;
}

export async function testData(db: Knex, scriptId: number): Promise<string> {
  const row = await db('catalog_test_data').where({ script_id: scriptId }).first<{ content: string } | undefined>('content');
  return row?.content ?? '';
}

export async function prodOf(db: Knex, scriptId: number): Promise<ProdRow | null> {
  return (await db('catalog_prod').where({ script_id: scriptId }).first<ProdRow | undefined>()) ?? null;
}

/** A live script on prod: the row of that version, and more. */
export interface ScriptOnProd extends VersionRow {
  readonly ordering: number;
  readonly prod_content: string;
  readonly prod_commit_hash: string;
  readonly test_data: string | null;
}

/** Scripts on prod, in one query, since a pass needs all of them and every run needs one. */
export function scriptsOnProd(db: Knex): Knex.QueryBuilder<ScriptOnProd, ScriptOnProd[]> {
  return db('catalog_scripts as s')
    .join('catalog_prod as p', 'p.script_id', 's.id')
    .join('catalog_versions as v', 'v.id', 'p.version_id')
    .leftJoin('catalog_test_data as t', 't.script_id', 's.id')
    .whereNull('s.deleted_at')
    .select<ScriptOnProd[]>(
      'v.*',
      's.ordering',
      'p.content as prod_content',
      'p.git_commit_hash as prod_commit_hash',
      't.content as test_data',
    );
}

/** The numbers of live scripts, including those whose first version is still being written. */
export async function takenNumbers(db: Knex): Promise<Set<number>> {
  return new Set(await db('catalog_scripts').whereNull('deleted_at').pluck<number[]>('ordering'));
}

export async function largestNumber(db: Knex): Promise<number | null> {
  const row = await db('catalog_scripts').whereNull('deleted_at').max<{ largest: number | null }[]>('ordering as largest').first();
  return row?.largest ?? null;
}

/** The live scripts that have one of the numbers. */
export function scriptsByNumber(db: Knex, orderings: readonly number[]): Promise<NamedScript[]> {
  return db('catalog_scripts as s')
    .leftJoin('catalog_versions as v', 'v.id', 's.latest_version_id')
    .whereNull('s.deleted_at')
    .whereIn('s.ordering', orderings)
    .select<NamedScript[]>('s.id', 's.ordering', db.raw("COALESCE(v.name, 'Untitled') as name"));
}
