/** The accounts of a data folder, for a command; the server may be running. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BootError } from '../boot-error.ts';
import { coreSettings } from '../core-settings.ts';
import { Migrator } from '../database/migrator.ts';
import { openDatabase } from '../database/open.ts';
import { type Environment, readSettings } from '../settings-reader.ts';
import { coreMigrations } from './migrations.ts';
import { UserStore } from './users.ts';

export interface Accounts {
  readonly users: UserStore;
  close(): Promise<void>;
}

/**
 * Opens or creates the accounts in the data folder from the environment, and reports a backup when migrations required one.
 * Throws BootError for bad settings.
 */
export async function openAccounts(env: Environment, onBackup: (file: string) => void): Promise<Accounts> {
  const settings = readSettings([{ owner: 'core', settings: coreSettings }], env);
  if (settings.faults.length > 0) throw new BootError(settings.faults);
  const dataDir = resolve(settings.of(coreSettings).dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const db = openDatabase(join(dataDir, 'ved.sqlite'));
  try {
    const migrator = await Migrator.open({ db, dataDir, onBackup });
    await migrator.migrate('core', coreMigrations);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { users: new UserStore(db), close: () => db.destroy() };
}
