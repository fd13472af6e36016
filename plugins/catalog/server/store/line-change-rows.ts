/** Rows of `catalog_line_changes`: the lines that a version changed in a version it was made from. */
import type { LineChange } from '@ved/core/text';
import type { Knex } from 'knex';

/** Changes against one of the versions that a version was made from. */
export interface ChangesFrom {
  readonly fromId: number;
  readonly changes: readonly LineChange[];
}

export async function insertChanges(trx: Knex.Transaction, versionId: number, all: readonly ChangesFrom[]): Promise<void> {
  const rows = all.map(({ fromId, changes }) => ({ version_id: versionId, from_version_id: fromId, changes: encode(changes) }));
  if (rows.length > 0) await trx('catalog_line_changes').insert(rows);
}

interface ChangesRow {
  readonly version_id: number;
  readonly from_version_id: number;
  readonly changes: string;
}

/** The stored changes of a script's versions up to one of them. */
export async function storedChanges(db: Knex, scriptId: number, newestId: number): Promise<StoredChanges> {
  const rows = await db('catalog_line_changes as c')
    .join('catalog_versions as v', 'v.id', 'c.version_id')
    .where('v.script_id', scriptId)
    .where('v.id', '<=', newestId)
    .select<ChangesRow[]>('c.version_id', 'c.from_version_id', 'c.changes');
  return new StoredChanges(rows);
}

export class StoredChanges {
  private readonly encoded: ReadonlyMap<string, string>;

  constructor(rows: readonly ChangesRow[]) {
    this.encoded = new Map(rows.map((row) => [key(row.from_version_id, row.version_id), row.changes]));
  }

  /** Null when no changes between the two are stored. */
  between(from: number, to: number): LineChange[] | null {
    const encoded = this.encoded.get(key(from, to));
    return encoded === undefined ? null : decode(encoded);
  }
}

function key(from: number, to: number): string {
  return `${from} ${to}`;
}

function encode(changes: readonly LineChange[]): string {
  return JSON.stringify(changes.flatMap(({ oldStart, oldEnd, newStart, newEnd }) => [oldStart, oldEnd, newStart, newEnd]));
}

function decode(text: string): LineChange[] {
  const flat: number[] = JSON.parse(text);
  const changes: LineChange[] = [];
  for (let i = 0; i < flat.length; i += 4) {
    changes.push({ oldStart: flat[i]!, oldEnd: flat[i + 1]!, newStart: flat[i + 2]!, newEnd: flat[i + 3]! });
  }
  return changes;
}
