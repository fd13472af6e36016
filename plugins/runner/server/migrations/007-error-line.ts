/** The last line of a failed run's stderr, so that lists of runs can show why each failed. */
import type { Migration } from '@ved/core/server';

export const errorLine: Migration = {
  name: '007-error-line',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      // Null for runs that did not fail, wrote nothing to stderr, or are older than this column.
      table.text('error_line');
    });
  },
  async down(db) {
    // Because knex would copy the table, see 003.
    await db.raw('alter table runner_runs drop column error_line');
  },
};
