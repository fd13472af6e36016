/** Migrates one plugin's tables. Each plugin records its migrations in its own table, so that plugins can be added, removed and upgraded independently. */
import type { Knex } from 'knex';
import type { Migration } from '../plugin.ts';
import { inTransaction } from './transaction.ts';

interface LedgerRow {
  readonly name: string;
  readonly applied_at: string;
}

/** The table that records which migrations of a plugin were applied. */
const ledgerOf = (pluginId: string) => `${pluginId}_migrations`;

/**
 * The migrations that have not been applied, sorted by name; only reads. Throws when
 * a migration was applied that this version does not know: the data was written by
 * a newer version, and continuing would damage it.
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

/** Applies the pending migrations in one transaction: all or none. The error says which one failed; its cause is what that migration threw. */
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

/** Applies the pending migrations without a backup; for tests of a plugin's migrations. */
export async function migrateUp(db: Knex, pluginId: string, migrations: readonly Migration[]): Promise<void> {
  await applyMigrations(db, pluginId, await pendingMigrations(db, pluginId, migrations));
}

/** Reverts the applied migrations, newest first; for tests of a plugin's `down`. */
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

/** Without SQLite's internal tables. */
function tableNames(trx: Knex.Transaction): Promise<string[]> {
  return trx('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite%').pluck('name');
}
