/** Brings one plugin's tables up to date. Each plugin has a ledger of its own, so that plugins come, go and move on apart. */
import type { Knex } from 'knex';
import type { Migration } from '../plugin.ts';
import { inTransaction } from './transaction.ts';

interface LedgerRow {
  readonly name: string;
  readonly applied_at: string;
}

/** The table that remembers which migrations of a plugin were applied. */
const ledgerOf = (pluginId: string) => `${pluginId}_migrations`;

/**
 * Applies what is missing, in the order of the names, each in a transaction of
 * its own. Throws for a ledger that knows a migration which this program does
 * not: the data was written by a newer one, and going on would harm it.
 */
export async function migrateUp(db: Knex, pluginId: string, migrations: readonly Migration[]): Promise<void> {
  const ledger = ledgerOf(pluginId);
  if (!(await db.schema.hasTable(ledger))) {
    if (migrations.length === 0) return;
    await db.schema.createTable(ledger, (table) => {
      table.string('name').primary();
      table.string('applied_at').notNullable();
    });
  }
  const applied = new Set((await db<LedgerRow>(ledger).select('name')).map((row) => row.name));
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new Error(`the data folder was written by a newer ved: ${pluginId} does not know its migrations ${unknown.join(', ')}`);
  }
  for (const migration of inOrder(migrations)) {
    if (applied.has(migration.name)) continue;
    await inTransaction(db, async (trx) => {
      const before = await tableNames(trx);
      await migration.up(trx);
      const unowned = (await tableNames(trx)).filter((name) => !before.includes(name) && !name.startsWith(`${pluginId}_`));
      if (unowned.length > 0) {
        throw new Error(`migration ${migration.name} of ${pluginId} made ${unowned.join(', ')}; its tables must be named ${pluginId}_*`);
      }
      await trx<LedgerRow>(ledger).insert({ name: migration.name, applied_at: new Date().toISOString() });
    });
  }
}

/** Takes the applied migrations back, newest first; for tests of a plugin's `down`. */
export async function migrateDown(db: Knex, pluginId: string, migrations: readonly Migration[]): Promise<void> {
  const ledger = ledgerOf(pluginId);
  const applied = new Set((await db<LedgerRow>(ledger).select('name')).map((row) => row.name));
  for (const migration of inOrder(migrations).reverse()) {
    if (!applied.has(migration.name)) continue;
    await inTransaction(db, async (trx) => {
      await migration.down(trx);
      await trx<LedgerRow>(ledger).where({ name: migration.name }).delete();
    });
  }
}

function inOrder(migrations: readonly Migration[]): Migration[] {
  return [...migrations].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Internal tables of SQLite, such as those of a full-text index, are made with the table that they serve. */
function tableNames(trx: Knex.Transaction): Promise<string[]> {
  return trx('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite%').pluck('name');
}
