/** The versions of a script for its history: when each was on prod and by whom, what it was forked from, and its forks. */
import type { ListedVersion } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { fromHundredths } from '../ordering-number.ts';
import { liveScript, versionsOf } from '../store/catalog-store.ts';
import { type VersionRow, versionInfo } from '../store/rows.ts';

type OnProd = ListedVersion['on_prod'][number];
type Fork = ListedVersion['forks'][number];

/** Newest first. Throws 404 for an unknown script. */
export async function listVersions(db: Knex, scriptId: number): Promise<ListedVersion[]> {
  await liveScript(db, scriptId);
  const [versions, onProd, forks] = await Promise.all([versionsOf(db, scriptId), timesOnProd(db, scriptId), forksOf(db, scriptId)]);
  const parents = await parentsOf(db, versions);
  return versions.map((version) => ({
    ...versionInfo(version),
    on_prod: onProd.get(version.id) ?? [],
    forked_from: parents.get(version.id) ?? null,
    forks: forks.get(version.id) ?? [],
  }));
}

/** A change of a script on prod: a version was merged, or the script was taken off. */
interface ProdEvent {
  readonly version_id: number;
  readonly git_commit_hash: string;
  readonly merged_at: string;
  readonly merged_by: string;
  readonly takes_off: boolean | number;
}

/** By version, oldest first. A version leaves prod when the next one is merged, or when the script is taken off. */
async function timesOnProd(db: Knex, scriptId: number): Promise<ReadonlyMap<number, OnProd[]>> {
  const merges = await db('catalog_merges')
    .where({ script_id: scriptId })
    .orderBy('id')
    .select<ProdEvent[]>('version_id', 'git_commit_hash', 'merged_at', 'merged_by', 'takes_off');
  const times = new Map<number, OnProd[]>();
  for (const [index, { version_id, git_commit_hash, merged_at, merged_by, takes_off }] of merges.entries()) {
    if (takes_off) continue;
    const next = merges[index + 1];
    const time = {
      merged_at,
      merged_by,
      git_commit_hash,
      until: next?.merged_at ?? null,
      taken_off_by: next?.takes_off ? next.merged_by : null,
    };
    times.set(version_id, [...(times.get(version_id) ?? []), time]);
  }
  return times;
}

/** By version, live scripts only. */
async function forksOf(db: Knex, scriptId: number): Promise<ReadonlyMap<number, Fork[]>> {
  const rows = await db('catalog_versions as first')
    .join('catalog_scripts as s', 's.id', 'first.script_id')
    .join('catalog_versions as newest', 'newest.id', 's.latest_version_id')
    .where('first.parent_script_id', scriptId)
    .whereNull('s.deleted_at')
    .orderBy('s.ordering')
    .select<{ parent_version_id: number; script_id: number; ordering: number; name: string }[]>(
      'first.parent_version_id',
      's.id as script_id',
      's.ordering',
      'newest.name',
    );
  const forks = new Map<number, Fork[]>();
  for (const { parent_version_id, script_id, ordering, name } of rows) {
    const fork = { script_id, ordering_number: fromHundredths(ordering), descriptive_name: name };
    forks.set(parent_version_id, [...(forks.get(parent_version_id) ?? []), fork]);
  }
  return forks;
}

/** What the first versions of forks were forked from. */
async function parentsOf(db: Knex, versions: readonly VersionRow[]): Promise<ReadonlyMap<number, ListedVersion['forked_from']>> {
  const parents = new Map<number, ListedVersion['forked_from']>();
  for (const { id, parent_version_id } of versions) {
    if (parent_version_id === null) continue;
    const parent = await db('catalog_versions as v')
      .join('catalog_scripts as s', 's.id', 'v.script_id')
      .where('v.id', parent_version_id)
      .first<{ script_id: number; major: number; minor: number; name: string; ordering: number; deleted_at: string | null }>(
        'v.script_id',
        'v.major',
        'v.minor',
        'v.name',
        's.ordering',
        's.deleted_at',
      );
    const { script_id, major, minor, name, ordering, deleted_at } = parent;
    parents.set(id, {
      script_id,
      version_id: parent_version_id,
      major,
      minor,
      ordering_number: fromHundredths(ordering),
      descriptive_name: name,
      deleted: deleted_at !== null,
    });
  }
  return parents;
}
