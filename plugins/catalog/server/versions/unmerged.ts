/**
 * Unmerged work: for each script and editor, the newest version that prod does
 * not include. Updated with every version and every merge.
 */
import type { ProdState } from '@ved/catalog/contract';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { prodOf } from '../store/catalog-store.ts';
import type { ProdRow, VersionRow } from '../store/rows.ts';
import { Lineage } from './lineage.ts';
import { prodStanding, textOf } from './prod-standing.ts';

export interface UnmergedRow {
  readonly script_id: number;
  readonly committer: string;
  readonly version_id: number;
  readonly state: ProdState;
  /** SQLite stores a boolean as a number. */
  readonly in_newest: boolean | number;
}

const TABLE = 'catalog_unmerged';

/** Adds a version that was just written, the script's newest. */
export async function addUnmerged(trx: Knex.Transaction, version: VersionRow, state: ProdState): Promise<void> {
  const { id, script_id, committer } = version;
  const row = { script_id, committer, version_id: id, state, in_newest: true };
  await trx(TABLE).insert(row).onConflict(['script_id', 'committer']).merge();
  const others: UnmergedRow[] = await trx(TABLE).where({ script_id }).whereNot({ committer });
  if (others.length === 0) return;
  const lineage = await Lineage.of(trx, script_id, Math.min(...others.map((other) => other.version_id)));
  for (const other of others) {
    const in_newest = lineage.isAncestor(other.version_id, id);
    if (in_newest !== Boolean(other.in_newest)) await trx(TABLE).where({ script_id, committer: other.committer }).update({ in_newest });
  }
}

/** After a merge: removes what prod now includes, and updates the state of the rest. */
export async function updateUnmerged(trx: Knex.Transaction, repository: ScriptRepository, prod: ProdRow): Promise<void> {
  const { script_id } = prod;
  const rows: UnmergedRow[] = await trx(TABLE).where({ script_id });
  if (rows.length === 0) return;
  const lineage = await Lineage.of(trx, script_id, Math.min(...rows.map((row) => row.version_id)));
  for (const { committer, version_id } of rows) {
    const row = trx(TABLE).where({ script_id, committer });
    if (lineage.isAncestor(version_id, prod.version_id)) await row.delete();
    else await row.update({ state: await standing(trx, repository, prod, version_id) });
  }
}

/** After a script was taken off prod: everybody's work is unmerged. */
export async function recomputeUnmerged(trx: Knex.Transaction, repository: ScriptRepository, scriptId: number): Promise<void> {
  await trx(TABLE).where({ script_id: scriptId }).delete();
  const script = await trx('catalog_scripts').where({ id: scriptId }).first<{ latest_version_id: number }>('latest_version_id');
  const rows = await findUnmerged(trx, repository, scriptId, script.latest_version_id);
  if (rows.length > 0) await trx(TABLE).insert(rows);
}

/** Runs once, for data of an older ved that did not store this: computes it from the versions. */
export async function fillUnmerged(db: Knex, repository: ScriptRepository): Promise<void> {
  const { unmerged_known } = await db('catalog_state').where({ id: 1 }).first('unmerged_known');
  if (unmerged_known) return;
  await db.transaction(async (trx) => {
    const scripts = trx('catalog_scripts').whereNotNull('latest_version_id');
    for (const script of await scripts.select<{ id: number; latest_version_id: number }[]>('id', 'latest_version_id')) {
      for (const row of await findUnmerged(trx, repository, script.id, script.latest_version_id)) {
        await trx(TABLE).insert(row).onConflict(['script_id', 'committer']).merge();
      }
    }
    await trx('catalog_state').where({ id: 1 }).update({ unmerged_known: true });
  });
}

async function findUnmerged(
  trx: Knex.Transaction,
  repository: ScriptRepository,
  scriptId: number,
  newestId: number,
): Promise<UnmergedRow[]> {
  const lineage = await Lineage.of(trx, scriptId);
  const prod = await prodOf(trx, scriptId);
  const newest = trx('catalog_versions').where({ script_id: scriptId }).groupBy('committer').select('committer').max('id as version_id');
  const rows: UnmergedRow[] = [];
  for (const { committer, version_id } of (await newest) as { committer: string; version_id: number }[]) {
    if (prod && lineage.isAncestor(version_id, prod.version_id)) continue;
    const state = await standing(trx, repository, prod, version_id, scriptId);
    rows.push({ script_id: scriptId, committer, version_id, state, in_newest: lineage.isAncestor(version_id, newestId) });
  }
  return rows;
}

async function standing(
  trx: Knex.Transaction,
  repository: ScriptRepository,
  prod: ProdRow | null,
  versionId: number,
  scriptId = prod!.script_id,
): Promise<ProdState> {
  if (!prod) return 'none';
  return prodStanding(trx, repository, prod, { content: await textOf(trx, repository, scriptId, versionId), madeFrom: [versionId] });
}
