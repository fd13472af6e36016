/** Each editor's newest version that is not on prod, stored so that the list need not compute it. */
import type { Migration } from '@ved/core/server';

export const unmerged: Migration = {
  name: '003-unmerged',
  async up(db) {
    await db.schema.createTable('catalog_unmerged', (table) => {
      table.integer('script_id').notNullable().references('catalog_scripts.id');
      table.string('committer', 200).notNullable();
      table.integer('version_id').notNullable().references('catalog_versions.id');
      // As `catalog_scripts.prod_state`; `same` when prod has the text but not the version.
      table.string('state', 10).notNullable();
      // Whether the script's newest version includes it.
      table.boolean('in_newest').notNullable();
      table.primary(['script_id', 'committer']);
    });
    // Texts are in git, which a migration cannot read: the next start fills the table for existing scripts.
    await db.schema.alterTable('catalog_state', (table) => {
      table.boolean('unmerged_known').notNullable().defaultTo(false);
    });
  },
  async down(db) {
    await db.schema.alterTable('catalog_state', (table) => {
      table.dropColumn('unmerged_known');
    });
    await db.schema.dropTable('catalog_unmerged');
  },
};
