/** Core's tables: accounts, sessions, each person's settings and state, and disabled plugins. */
import type { Migration } from '../plugin.ts';

export const coreMigrations: readonly Migration[] = [
  {
    name: '001-accounts',
    up: async (db) => {
      await db.schema.createTable('core_users', (table) => {
        table.increments('id');
        table.string('username').notNullable().unique();
        table.string('password_hash').notNullable();
        // Grows with every new password; sessions store the value they started with.
        table.integer('password_version').notNullable().defaultTo(1);
        table.boolean('is_editor').notNullable();
        table.string('created_at').notNullable();
      });
      await db.schema.createTable('core_sessions', (table) => {
        // A digest, so that nobody can take over a session from the database or a backup.
        table.string('id_sha256').primary();
        table.integer('user_id').notNullable().references('id').inTable('core_users').onDelete('CASCADE');
        table.integer('password_version').notNullable();
        table.bigInteger('expires_at_ms').notNullable().index();
      });
    },
    down: async (db) => {
      await db.schema.dropTable('core_sessions');
      await db.schema.dropTable('core_users');
    },
  },
  {
    name: '002-workspace',
    up: async (db) => {
      await db.schema.createTable('core_user_settings', (table) => {
        table.integer('user_id').notNullable().references('id').inTable('core_users').onDelete('CASCADE');
        table.string('id').notNullable();
        table.text('raw').notNullable();
        table.primary(['user_id', 'id']);
      });
      await db.schema.createTable('core_user_state', (table) => {
        table.integer('user_id').notNullable().references('id').inTable('core_users').onDelete('CASCADE');
        table.string('key').notNullable();
        table.text('value_json').notNullable();
        table.primary(['user_id', 'key']);
      });
    },
    down: async (db) => {
      await db.schema.dropTable('core_user_state');
      await db.schema.dropTable('core_user_settings');
    },
  },
  {
    name: '003-disabled-plugins',
    up: async (db) => {
      await db.schema.createTable('core_disabled_plugins', (table) => {
        table.string('id').primary();
        table.string('disabled_by').notNullable();
        table.string('disabled_at').notNullable();
      });
    },
    down: async (db) => {
      await db.schema.dropTable('core_disabled_plugins');
    },
  },
];
