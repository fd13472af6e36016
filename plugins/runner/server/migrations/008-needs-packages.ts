/** Whether a run needs packages: the number of runs that wait for packages is limited. */
import type { Migration } from '@ved/core/server';

export const needsPackages: Migration = {
  name: '008-needs-packages',
  async up(db) {
    await db.schema.alterTable('runner_runs', (table) => {
      table.boolean('needs_packages').notNullable().defaultTo(false);
    });
    // For queued runs it is guessed from the text. A wrong guess only delays the start.
    await db.raw(
      `update runner_runs set needs_packages = ? where status = 'queued' and exists
       (select 1 from runner_blobs where sha256 = code_sha256 and instr(data, cast(? as blob)) > 0)`,
      [true, '# /// script'],
    );
  },
  async down(db) {
    // Because knex would copy the table, see 003.
    await db.raw('alter table runner_runs drop column needs_packages');
  },
};
