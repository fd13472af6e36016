/** Files that runs leave in /tmp/out: their bytes are blobs, stored once like texts and test data. */
import type { Migration } from '@ved/core/server';

export const files: Migration = {
  name: '003-files',
  async up(db) {
    await db.schema.createTable('runner_files', (table) => {
      table.integer('run_id').notNullable().references('runner_runs.id');
      // In the order in which the engine returned them.
      table.integer('position').notNullable();
      table.text('name').notNullable();
      table.string('media_type', 100).notNullable();
      table.integer('size_bytes').notNullable();
      table.string('sha256', 64).notNullable().references('runner_blobs.sha256');
      table.primary(['run_id', 'position']);
      table.index(['sha256']);
    });
    await db.schema.alterTable('runner_runs', (table) => {
      // So that a run without files needs no query for them.
      table.integer('file_count').notNullable().defaultTo(0);
      // JSON of `LeftOut[]`; null if nothing was left out.
      table.text('files_left_out');
    });
  },
  async down(db) {
    // To drop a column on SQLite, knex would copy the whole table, which fails because of the references to it.
    for (const column of ['file_count', 'files_left_out']) await db.raw('alter table runner_runs drop column ??', [column]);
    await db.schema.dropTable('runner_files');
  },
};
