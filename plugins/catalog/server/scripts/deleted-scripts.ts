/** Lists deleted scripts: who deleted each and when, and the number it would be restored under. */
import type { DeletedScript } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { fromHundredths } from '../ordering-number.ts';
import { largestNumber, scriptsByNumber, takenNumbers } from '../store/catalog-store.ts';
import { numberToRestore } from './script-order.ts';

/** More than anybody looks through; people look for recent deletions. */
const LIMIT = 1000;
/** Bound variables per statement, well below any database's limit. */
const CHUNK = 500;

interface Row extends Pick<DeletedScript, 'id' | 'major' | 'minor' | 'deleted_at' | 'deleted_by'> {
  readonly ordering: number;
  readonly name: string;
  readonly prod_version_id: number | null;
  readonly prod_major: number;
  readonly prod_minor: number;
}

/** Latest deletion first. */
export async function deletedScripts(db: Knex): Promise<DeletedScript[]> {
  const rows = await db('catalog_scripts as s')
    .join('catalog_versions as v', 'v.id', 's.latest_version_id')
    .leftJoin('catalog_prod as p', 'p.script_id', 's.id')
    .leftJoin('catalog_versions as pv', 'pv.id', 'p.version_id')
    .whereNotNull('s.deleted_at')
    .orderBy([
      { column: 's.deleted_at', order: 'desc' },
      { column: 's.id', order: 'desc' },
    ])
    .limit(LIMIT)
    .select<Row[]>(
      's.id',
      's.ordering',
      's.deleted_at',
      's.deleted_by',
      'v.name',
      'v.major',
      'v.minor',
      'p.version_id as prod_version_id',
      'pv.major as prod_major',
      'pv.minor as prod_minor',
    );
  const [taken, largest] = await Promise.all([takenNumbers(db), largestNumber(db)]);
  const holders = await holdersOf(
    db,
    [...new Set(rows.map(({ ordering }) => ordering))].filter((ordering) => taken.has(ordering)),
  );
  return rows.map(({ ordering, name, prod_version_id, prod_major, prod_minor, ...row }) => {
    const restoresAs = numberToRestore(ordering, taken, largest);
    return {
      ...row,
      ordering_number: fromHundredths(ordering),
      descriptive_name: name,
      prod_version: prod_version_id === null ? null : { id: prod_version_id, major: prod_major, minor: prod_minor },
      taken_by: holders.get(ordering) ?? null,
      restores_as: restoresAs === null ? null : fromHundredths(restoresAs),
    };
  });
}

/** The live scripts that have these numbers, by number. */
async function holdersOf(db: Knex, orderings: readonly number[]): Promise<ReadonlyMap<number, NonNullable<DeletedScript['taken_by']>>> {
  const found = new Map<number, NonNullable<DeletedScript['taken_by']>>();
  for (let at = 0; at < orderings.length; at += CHUNK) {
    for (const { id, ordering, name } of await scriptsByNumber(db, orderings.slice(at, at + CHUNK))) {
      found.set(ordering, { id, ordering_number: fromHundredths(ordering), descriptive_name: name });
    }
  }
  return found;
}
