/** Scripts, their versions, what is on prod, and up to which commit git is recorded. */
import type { Migration } from '@ved/core/server';
import type { Knex } from 'knex';

/** `2026-11-22T08:30:00.120Z`: sorts as text on every database. */
const TIMESTAMP_LENGTH = 24;
const COMMIT_LENGTH = 64;

async function createState(db: Knex): Promise<void> {
  await db.schema.createTable('catalog_state', (table) => {
    table.integer('id').primary();
    // Grows with every change that a viewer of the catalog can see.
    table.integer('revision').notNullable();
  });
  await db('catalog_state').insert({ id: 1, revision: 0 });
}

async function createScripts(db: Knex): Promise<void> {
  await db.schema.createTable('catalog_scripts', (table) => {
    table.increments('id');
    // Hundredths: 3.02 is 302.
    table.integer('ordering').notNullable();
    table.string('created_at', TIMESTAMP_LENGTH).notNullable();
    table.string('created_by', 200).notNullable();
    table.string('deleted_at', TIMESTAMP_LENGTH);
    // Null only while the first version is being written.
    table.integer('latest_version_id');
    table.string('prod_state', 10).notNullable().defaultTo('none');
    table.string('last_run_at', TIMESTAMP_LENGTH);
    table.integer('last_run_exit_code');
    table.string('last_run_status', 20);
  });
  // Numbers are unique among live scripts; a deleted script frees its number.
  await db.raw('CREATE UNIQUE INDEX catalog_scripts_live_ordering ON catalog_scripts (ordering) WHERE deleted_at IS NULL');
}

async function createVersions(db: Knex): Promise<void> {
  await db.schema.createTable('catalog_versions', (table) => {
    table.increments('id');
    table.integer('script_id').notNullable().references('catalog_scripts.id');
    table.integer('major').notNullable();
    table.integer('minor').notNullable();
    table.string('kind', 10).notNullable();
    table.string('committer', 200).notNullable();
    table.string('branch', 200).notNullable();
    table.string('created_at', TIMESTAMP_LENGTH).notNullable();
    table.string('git_commit_hash', COMMIT_LENGTH).notNullable();
    // A fork's first version says what it was forked from.
    table.integer('parent_script_id');
    table.integer('parent_version_id');
    // The version that this one was made from, and the one of prod that a merge brought in.
    table.integer('base_version_id');
    table.integer('merged_version_id');
    table.text('message');
    table.text('provenance');
    table.text('name').notNullable();
    table.text('description').notNullable();
    table.text('diagnostics').notNullable();
    table.unique(['script_id', 'major', 'minor']);
    table.index(['script_id', 'committer', 'id']);
  });
}

/** Large texts are stored apart from the rows that the list reads. */
async function createTexts(db: Knex): Promise<void> {
  await db.schema.createTable('catalog_contents', (table) => {
    table.integer('script_id').primary().references('catalog_scripts.id');
    // The newest version's; git has all of them.
    table.text('content').notNullable();
    // Name, description and content in lower case.
    table.text('search_text').notNullable();
  });
  await db.schema.createTable('catalog_test_data', (table) => {
    table.integer('script_id').primary().references('catalog_scripts.id');
    table.text('content').notNullable();
  });
}

async function createProd(db: Knex): Promise<void> {
  await db.schema.createTable('catalog_prod', (table) => {
    table.integer('script_id').primary().references('catalog_scripts.id');
    table.integer('version_id').notNullable().references('catalog_versions.id');
    table.string('git_commit_hash', COMMIT_LENGTH).notNullable();
    table.text('content').notNullable();
    table.string('fingerprint', 80).notNullable().index();
  });
  await db.schema.createTable('catalog_merges', (table) => {
    table.increments('id');
    table.integer('script_id').notNullable().references('catalog_scripts.id');
    table.integer('version_id').notNullable().references('catalog_versions.id');
    table.string('git_commit_hash', COMMIT_LENGTH).notNullable();
    table.string('merged_at', TIMESTAMP_LENGTH).notNullable();
    table.string('merged_by', 200).notNullable();
    // The script with the same executable code that was on prod, when that was allowed.
    table.integer('duplicate_of');
    table.index(['script_id', 'id']);
  });
}

async function createBranches(db: Knex): Promise<void> {
  await db.schema.createTable('catalog_branches', (table) => {
    table.string('branch', 200).primary();
    // Every commit of ved up to this one has its row.
    table.string('recorded_commit', COMMIT_LENGTH).notNullable();
  });
}

export const scripts: Migration = {
  name: '001-scripts',
  async up(db) {
    await createState(db);
    await createScripts(db);
    await createVersions(db);
    await createTexts(db);
    await createProd(db);
    await createBranches(db);
  },
  async down(db) {
    for (const table of ['branches', 'merges', 'prod', 'test_data', 'contents', 'versions', 'scripts', 'state']) {
      await db.schema.dropTable(`catalog_${table}`);
    }
  },
};
