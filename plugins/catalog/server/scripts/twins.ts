/** Finds another script on prod that is the same program. */
import type { Knex } from 'knex';
import type { NamedScript } from '../problems.ts';
import type { PythonAnalyser } from '../python/analyser.ts';
import { comparable } from '../python/fingerprint.ts';

export interface Twin extends NamedScript {
  readonly versionId: number;
}

interface Row extends Twin {
  readonly fingerprint: string;
}

/** A live script on prod, other than the one given, whose program has this fingerprint; null when there is none. Renew fingerprints first. */
export async function findTwin(db: Knex, scriptId: number, fingerprint: string): Promise<Twin | null> {
  const row = await db('catalog_prod as p')
    .join('catalog_scripts as s', 's.id', 'p.script_id')
    .join('catalog_versions as v', 'v.id', 'p.version_id')
    .whereNull('s.deleted_at')
    .whereNot('s.id', scriptId)
    .where('p.fingerprint', fingerprint)
    .orderBy('s.ordering')
    .first<Row | undefined>('s.id', 's.ordering', 'v.name', 'v.id as versionId');
  return row ?? null;
}

/** Recomputes fingerprints that another version of Python computed, since they cannot be compared. `by` is whose queue of analyses it joins. */
export async function renewFingerprints(db: Knex, analyser: PythonAnalyser, like: string, by: string): Promise<void> {
  const rows = await db('catalog_prod').select<{ script_id: number; fingerprint: string }[]>('script_id', 'fingerprint');
  for (const { script_id, fingerprint } of rows.filter((row) => !comparable(row.fingerprint, like))) {
    const prod = await db('catalog_prod').where({ script_id }).first<{ content: string }>('content');
    const renewed = await analyser.fingerprint(prod.content, by);
    // The condition keeps a fingerprint that a merge wrote in the meantime.
    await db('catalog_prod').where({ script_id, fingerprint }).update({ fingerprint: renewed });
  }
}
