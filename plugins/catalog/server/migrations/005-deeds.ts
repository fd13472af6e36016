/** Who deleted a script, which run its row shows, the file it was imported from, the digest of a save, and when a script was taken off prod. */
import type { Migration } from '@ved/core/server';

const COLUMNS = [
  ['catalog_merges', 'takes_off'],
  ['catalog_versions', 'save_digest'],
  ['catalog_scripts', 'deleted_by'],
  ['catalog_scripts', 'last_run_id'],
  ['catalog_scripts', 'file_name'],
] as const;

export const deeds: Migration = {
  name: '005-deeds',
  async up(db) {
    await db.schema.alterTable('catalog_scripts', (table) => {
      // Null for older deletions.
      table.string('deleted_by', 200);
      // The run behind `last_run_…`: the newest by number, whatever the clocks said.
      table.integer('last_run_id');
      // The name of a script without a docstring: the file that it was imported from.
      table.string('file_name', 200);
    });
    await db.schema.alterTable('catalog_versions', (table) => {
      // Digest of the whole save request, to recognise it when it is sent again. Null for versions created otherwise.
      table.string('save_digest', 44);
    });
    await db.schema.alterTable('catalog_merges', (table) => {
      // True when the script was taken off prod, which had this version; the other rows put their version there.
      table.boolean('takes_off').notNullable().defaultTo(false);
    });
  },
  async down(db) {
    await db('catalog_merges').where({ takes_off: true }).delete();
    for (const [table, column] of COLUMNS) await db.raw(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  },
};
