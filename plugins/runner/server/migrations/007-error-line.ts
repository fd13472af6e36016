/** The last line of a failed run's error, so that lists of runs can say why each failed. */
import type { Migration } from '@ved/core/server';

export const errorLine: Migration = {
  name: '007-error-line',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      // Null of those that did not fail, or said nothing; and of those from before.
      table.text('error_line');
    });
  },
  async down(db) {
    // As knex would copy the table for it, see 003.
    await db.raw('alter table runner_runs drop column error_line');
  },
};
