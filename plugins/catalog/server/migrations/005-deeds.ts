/** Who deleted a script, which run its row shows, what it was imported as, what a save asked for, and when prod let go of a script. */
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
      // Null for deletions from before.
      table.string('deleted_by', 200);
      // The run behind `last_run_…`: the newest by number, whatever the clocks said.
      table.integer('last_run_id');
      // What a script without a docstring is called: the name of the file that it was imported from.
      table.string('file_name', 200);
    });
    await db.schema.alterTable('catalog_versions', (table) => {
      // Of the whole request that saved it, to know that request when it comes again. Null for versions made otherwise.
      table.string('save_digest', 44);
    });
    await db.schema.alterTable('catalog_merges', (table) => {
      // The script was taken off prod, where that version was; the other rows brought their version there.
      table.boolean('takes_off').notNullable().defaultTo(false);
    });
  },
  async down(db) {
    await db('catalog_merges').where({ takes_off: true }).delete();
    for (const [table, column] of COLUMNS) await db.raw(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  },
};
