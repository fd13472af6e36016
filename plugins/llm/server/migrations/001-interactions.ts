/** The log of all questions to the assistant. */
import type { Migration } from '@ved/core/server';

export const interactions: Migration = {
  name: '001-interactions',
  async up(db) {
    await db.schema.createTable('llm_interactions', (table) => {
      table.increments('id');
      table.string('created_at', 24).notNullable().index();
      table.string('username', 200).notNullable();
      table.bigInteger('script_id');
      table.bigInteger('script_version_id');
      table.text('prompt').notNullable();
      table.string('context_sha256', 64);
      table.integer('context_bytes');
      table.text('response_text').notNullable();
      table.string('model_id', 200).notNullable();
      table.string('status', 20).notNullable().index();
      table.integer('prompt_tokens');
      table.integer('completion_tokens');
      table.double('cost_usd');
      table.double('latency_ms').notNullable();
      table.double('first_token_ms');
      table.index(['script_id', 'id']);
      table.index(['username', 'id']);
    });
  },
  async down(db) {
    await db.schema.dropTable('llm_interactions');
  },
};
