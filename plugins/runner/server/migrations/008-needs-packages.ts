/** Whether a run needs packages: those start only while few others wait for theirs. */
import type { Migration } from '@ved/core/server';

export const needsPackages: Migration = {
  name: '008-needs-packages',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.boolean('needs_packages').notNullable().defaultTo(false);
    });
    // What waits is told by its text. One taken for one that needs packages, and that does not, only starts later.
    await db.raw(
      `update runner_runs set needs_packages = ? where status = 'queued' and exists
       (select 1 from runner_blobs where sha256 = code_sha256 and instr(data, cast(? as blob)) > 0)`,
      [true, '# /// script'],
    );
  },
  async down(db) {
    // As knex would copy the table for it, see 003.
    await db.raw('alter table runner_runs drop column needs_packages');
  },
};
