/** Files that runs leave in /tmp/out: their bytes are blobs, kept once like texts and test data. */
import type { Migration } from '@ved/core/server';

export const files: Migration = {
  name: '003-files',
  async up(db) {
    await db.schema.createTable('runner_files', (table) => {
      table.integer('run_id').notNullable().references('runner_runs.id');
      // In the order in which they were handed over.
      table.integer('position').notNullable();
      table.text('name').notNullable();
      table.string('media_type', 100).notNullable();
      table.integer('size_bytes').notNullable();
      table.string('sha256', 64).notNullable().references('runner_blobs.sha256');
      table.primary(['run_id', 'position']);
      table.index(['sha256']);
    });
    await db.schema.alterTable('runner_runs', (table) => {
      // So that a run without files costs no look into the table of them.
      table.integer('file_count').notNullable().defaultTo(0);
      // JSON of `LeftOut[]`; null when nothing was.
      table.text('files_left_out');
    });
  },
  async down(db) {
    // knex would copy the whole table to drop a column from it on SQLite, against the references to it.
    for (const column of ['file_count', 'files_left_out']) await db.raw('alter table runner_runs drop column ??', [column]);
    await db.schema.dropTable('runner_files');
  },
};
