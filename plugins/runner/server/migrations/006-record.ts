/** More of a run's record: whether its test data were those of the script, and which packages were installed. */
import type { Migration } from '@ved/core/server';

export const record: Migration = {
  name: '006-record',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.boolean('unsaved_test_data').notNullable().defaultTo(false);
      // JSON of `name==version`, in order; null if unknown.
      table.text('packages');
    });
  },
  async down(db) {
    // Because knex would copy the table, see 003.
    for (const column of ['unsaved_test_data', 'packages']) await db.raw('alter table runner_runs drop column ??', [column]);
  },
};
