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
 * What is missing, in the order of the names; only reads. Throws for a ledger
 * that knows a migration which this program does not: the data was written by a
 * newer one, and going on would harm it.
 */
export async function pendingMigrations(db: Knex, pluginId: string, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const ledger = ledgerOf(pluginId);
  if (!(await db.schema.hasTable(ledger))) return inOrder(migrations);
  const applied = new Set((await db<LedgerRow>(ledger).select('name')).map((row) => row.name));
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new Error(`the data folder was written by a newer ved: ${pluginId} does not know its migrations ${unknown.join(', ')}`);
  }
  return inOrder(migrations).filter(({ name }) => !applied.has(name));
}

/** Applies what is missing in one transaction: all of it, or nothing. An error says which one failed, and has what it threw as its cause. */
export async function applyMigrations(db: Knex, pluginId: string, pending: readonly Migration[]): Promise<void> {
  if (pending.length === 0) return;
  const ledger = ledgerOf(pluginId);
  await inTransaction(db, async (trx) => {
    if (!(await trx.schema.hasTable(ledger))) {
      await trx.schema.createTable(ledger, (table) => {
        table.string('name').primary();
        table.string('applied_at').notNullable();
      });
    }
    for (const migration of pending) {
      await applyOne(trx, pluginId, migration).catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`migration ${migration.name} of ${pluginId} failed: ${reason}`, { cause });
      });
      await trx<LedgerRow>(ledger).insert({ name: migration.name, applied_at: new Date().toISOString() });
    }
  });
}

async function applyOne(trx: Knex.Transaction, pluginId: string, migration: Migration): Promise<void> {
  const before = await tableNames(trx);
  await migration.up(trx);
  const unowned = (await tableNames(trx)).filter((name) => !before.includes(name) && !name.startsWith(`${pluginId}_`));
  if (unowned.length > 0) throw new Error(`it made ${unowned.join(', ')}; its tables must be named ${pluginId}_*`);
}

/** Applies what is missing, without a backup; for tests of a plugin's migrations. */
export async function migrateUp(db: Knex, pluginId: string, migrations: readonly Migration[]): Promise<void> {
  await applyMigrations(db, pluginId, await pendingMigrations(db, pluginId, migrations));
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
