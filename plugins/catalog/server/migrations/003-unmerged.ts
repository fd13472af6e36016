/** The newest version of each editor that prod lacks, kept so that the list need not look for it. */
import type { Migration } from '@ved/core/server';

export const unmerged: Migration = {
  name: '003-unmerged',
  async up(db) {
    await db.schema.createTable('catalog_unmerged', (table) => {
      table.integer('script_id').notNullable().references('catalog_scripts.id');
      table.string('committer', 200).notNullable();
      table.integer('version_id').notNullable().references('catalog_versions.id');
      // As `catalog_scripts.prod_state`; `same` where prod has the text although not the version.
      table.string('state', 10).notNullable();
      // Whether it went into the script's newest version.
      table.boolean('in_newest').notNullable();
      table.primary(['script_id', 'committer']);
    });
    // Texts are in git, which a migration does not see: the next start finds out about what is there already.
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
