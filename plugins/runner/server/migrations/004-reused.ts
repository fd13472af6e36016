/** Whether the sandbox of a run had carried out another run of its lane before. */
import type { Migration } from '@ved/core/server';

export const reused: Migration = {
  name: '004-reused',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.boolean('reused').notNullable().defaultTo(false);
    });
  },
  async down(db) {
    // As knex would copy the table for it, see 003.
    await db.raw('alter table runner_runs drop column ??', ['reused']);
  },
};
