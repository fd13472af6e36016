/** Creates a long history quickly: copies of the newest row, with the same commit, inserted into the server's database. */
import { join } from 'node:path';
import { openDatabase } from '@ved/core/server';

/** Rows per statement; SQLite allows 32,766 values. */
const ROWS_AT_ONCE = 500;

/** Adds versions until the script has `count`, from the database of a running server. */
export async function giveVersions(dataDir: string, scriptId: number, count: number): Promise<void> {
  const db = openDatabase(join(dataDir, 'ved.sqlite'));
  try {
    const { id, ...newest } = await db('catalog_versions').where({ script_id: scriptId }).orderBy('id', 'desc').first();
    const rows = Array.from({ length: count - newest.minor }, (_, index) => ({
      ...newest,
      minor: newest.minor + 1 + index,
      base_version_id: id,
      message: index % 3 === 0 ? `Change number ${index}` : null,
    }));
    await db.transaction(async (trx) => {
      await trx.batchInsert('catalog_versions', rows, ROWS_AT_ONCE);
      const latest = trx('catalog_versions').where({ script_id: scriptId }).max('id');
      await trx('catalog_scripts').where({ id: scriptId }).update({ latest_version_id: latest });
      await trx('catalog_state').increment('revision', 1);
    });
  } finally {
    await db.destroy();
  }
}
