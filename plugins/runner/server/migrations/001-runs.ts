/** Runs, passes, their inputs and their output. */
import type { Migration } from '@ved/core/server';
import type { Knex } from 'knex';

/** `2026-11-22T08:30:00.120Z`: sorts as text in every database. */
const TIMESTAMP_LENGTH = 24;

async function createBlobs(db: Knex): Promise<void> {
  await db.schema.createTable('runner_blobs', (table) => {
    table.string('sha256', 64).primary();
    table.integer('size_bytes').notNullable();
    table.binary('data').notNullable();
  });
}

async function createPasses(db: Knex): Promise<void> {
  await db.schema.createTable('runner_passes', (table) => {
    table.increments('id');
    table.string('status', 20).notNullable().index();
    table.string('on_failure', 10).notNullable();
    table.string('started_by', 200).notNullable();
    table.string('created_at', TIMESTAMP_LENGTH).notNullable();
    table.string('started_at', TIMESTAMP_LENGTH);
    table.string('finished_at', TIMESTAMP_LENGTH);
    table.text('reason');
    // Counted here, because retention removes the runs.
    table.integer('total').notNullable();
    table.integer('finished').notNullable().defaultTo(0);
    table.integer('failed').notNullable().defaultTo(0);
    // Incremented with every change of the pass or one of its runs; the id of its events.
    table.integer('revision').notNullable();
  });
}

async function createRuns(db: Knex): Promise<void> {
  await db.schema.createTable('runner_runs', (table) => {
    table.increments('id');
    table.integer('script_id').notNullable();
    table.integer('script_version_id').notNullable();
    table.integer('pass_id').references('runner_passes.id');
    table.integer('pass_revision');
    table.integer('ordering').notNullable();
    table.text('descriptive_name').notNullable();
    table.string('version_label', 40).notNullable();
    table.string('source', 10).notNullable();
    table.boolean('unsaved').notNullable();
    table.string('git_commit_hash', 64).notNullable();
    table.string('code_sha256', 64).notNullable().references('runner_blobs.sha256');
    table.string('input_sha256', 64).notNullable().references('runner_blobs.sha256');
    table.string('started_by', 200).notNullable();
    table.string('status', 20).notNullable();
    // Whether a queued run may start: false while an earlier group of its pass is running.
    table.boolean('released').notNullable();
    // A counter over the starts of all runs; null for a run that never started.
    table.integer('start_order');
    table.string('queued_at', TIMESTAMP_LENGTH).notNullable();
    table.string('started_at', TIMESTAMP_LENGTH);
    table.string('finished_at', TIMESTAMP_LENGTH);
    table.double('duration_ms');
    table.integer('exit_code');
    table.boolean('truncated').notNullable().defaultTo(false);
    table.text('reason');
    table.string('engine', 60).notNullable();
    table.string('interpreter', 100).notNullable();
    table.text('isolation').notNullable();
    table.string('image_digest', 200);
    table.text('limits').notNullable();
    table.bigInteger('peak_memory_bytes');
    table.index(['script_id', 'id']);
    table.index(['pass_id', 'pass_revision']);
    table.index(['pass_id', 'status', 'ordering']);
    table.index(['status', 'released', 'started_by']);
    table.index(['started_by', 'start_order']);
    table.index(['start_order']);
    table.index(['code_sha256']);
    table.index(['input_sha256']);
  });
}

async function createOutput(db: Knex): Promise<void> {
  await db.schema.createTable('runner_output', (table) => {
    table.integer('run_id').notNullable().references('runner_runs.id');
    // The id of the event that carries it.
    table.integer('seq').notNullable();
    table.string('stream', 6).notNullable();
    // UTF-8 as bytes: text columns end at NUL in some databases and refuse it in others.
    table.binary('data').notNullable();
    table.primary(['run_id', 'seq']);
  });
}

export const runs: Migration = {
  name: '001-runs',
  async up(db) {
    await createBlobs(db);
    await createPasses(db);
    await createRuns(db);
    await createOutput(db);
  },
  async down(db) {
    for (const table of ['runner_output', 'runner_runs', 'runner_passes', 'runner_blobs']) await db.schema.dropTable(table);
  },
};
