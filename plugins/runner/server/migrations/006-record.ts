/** What else the record of a run says: whether its test data were those of the script, and which packages it found. */
import type { Migration } from '@ved/core/server';

export const record: Migration = {
  name: '006-record',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.boolean('unsaved_test_data').notNullable().defaultTo(false);
      // JSON of `name==version`, in order; null when that is not known.
      table.text('packages');
    });
  },
  async down(db) {
    // As knex would copy the table for it, see 003.
    for (const column of ['unsaved_test_data', 'packages']) await db.raw('alter table runner_runs drop column ??', [column]);
  },
};
