/** What each version changed in the lines of those it was made from, so that blame reads no texts. */
import type { Migration } from '@ved/core/server';

export const lineChanges: Migration = {
  name: '002-line-changes',
  async up(db) {
    // Older versions have no rows: their texts are compared when needed.
    await db.schema.createTable('catalog_line_changes', (table) => {
      table.integer('version_id').notNullable().references('catalog_versions.id');
      table.integer('from_version_id').notNullable().references('catalog_versions.id');
      // Flat JSON: old start, old end, new start, new end of each change.
      table.text('changes').notNullable();
      table.primary(['version_id', 'from_version_id']);
    });
  },
  async down(db) {
    await db.schema.dropTable('catalog_line_changes');
  },
};
