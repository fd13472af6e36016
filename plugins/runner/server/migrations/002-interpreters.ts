/** Which interpreter a person chose for a run. */
import type { Migration } from '@ved/core/server';

export const interpreters: Migration = {
  name: '002-interpreters',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.string('wanted_interpreter', 100);
    });
  },
  async down(db) {
    // Knex would recreate the whole table, in its own transaction.
    await db.raw('alter table runner_runs drop column wanted_interpreter');
  },
};
