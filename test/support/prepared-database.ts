/**
 * A database as ved's first start leaves it: all tables, and the two first users
 * with their published passwords, hashed at almost no cost: tests start hundreds
 * of servers, each of which would hash and verify both.
 */
import { constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateUp, openDatabase, type ServerPlugin } from '@ved/core/server';
import { coreMigrations } from '../../core/server/accounts/migrations.ts';
import { serverPlugins } from '../../server/plugins.ts';
import { userRow } from './accounts.ts';

/** By set of plugins, each created when the first server of this process needs it. */
const prepared = new Map<string, Promise<string>>();
let folder: string | undefined;
process.once('exit', () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Puts a prepared database for these plugins into a data folder that has none. Does nothing if other plugins than ved's have tables. */
export async function lendDatabase(dataDir: string, plugins: readonly ServerPlugin[]): Promise<void> {
  const file = join(dataDir, 'ved.sqlite');
  const owners = plugins.filter(({ migrations = [] }) => migrations.length > 0);
  if (!existsSync(dataDir) || existsSync(file) || owners.some((plugin) => !serverPlugins.includes(plugin))) return;
  const key = owners.map(({ id }) => id).join();
  const source = prepared.get(key) ?? prepare(owners);
  prepared.set(key, source);
  await copyFile(await source, file, constants.COPYFILE_EXCL);
}

async function prepare(owners: readonly ServerPlugin[]): Promise<string> {
  folder ??= mkdtempSync(join(tmpdir(), 'ved-prepared-'));
  const file = join(folder, `${prepared.size}.sqlite`);
  const db = openDatabase(file);
  try {
    await migrateUp(db, 'core', coreMigrations);
    for (const { id, migrations = [] } of owners) await migrateUp(db, id, migrations);
    await db('core_users').insert([userRow('ed1', '1editor', 'editor'), userRow('mo1', '2viewer', 'viewer')]);
    await db.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await db.destroy();
  }
  return file;
}
