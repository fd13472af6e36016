/** Whether the sandbox of a run was used by an earlier run of its lane. */
import type { Migration } from '@ved/core/server';

export const reused: Migration = {
  name: '004-reused',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.boolean('reused').notNullable().defaultTo(false);
    });
  },
  async down(db) {
    // Because knex would copy the table, see 003.
    await db.raw('alter table runner_runs drop column ??', ['reused']);
  },
};
