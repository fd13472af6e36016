/**
 * Backups of the database from before migrations, in `backups/` of the data
 * folder. A backup gets its final name only once it is complete and synced to disk.
 * The name contains the migration that followed; a later backup for the same
 * migration replaces it, so that retries do not push out the others.
 */
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeConnection, execSql, openConnection } from './connection.ts';

/** Below the data folder. */
const FOLDER = 'backups';
/** The most backups to keep; each is as large as the database. */
const KEPT = 3;
/** In characters; the names of migrations are up to the plugin's author. */
const LONGEST_REASON = 60;
/** Another process may hold a lock for as long as its transaction takes. */
const BUSY_TIMEOUT_MS = 5_000;
const BACKUP_NAME = /^ved-[\dTZ.-]+-before-(.+)\.sqlite$/;

/** Backs up `ved.sqlite`, which may be written to meanwhile. `before` names the migration that follows, such as `catalog-007-tags`. Returns the file's path relative to the data folder. */
export async function backUpDatabase(dataDir: string, before: string): Promise<string> {
  const dir = join(dataDir, FOLDER);
  const reason = before.replaceAll(/[^a-zA-Z0-9]+/g, '-').slice(0, LONGEST_REASON);
  const name = `ved-${new Date().toISOString().replaceAll(':', '-')}-before-${reason}.sqlite`;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const left of await readdir(dir)) if (left.endsWith('.part')) await rm(join(dir, left));
  const part = join(dir, `${name}.part`);
  try {
    // SQLite fills an existing empty file; one that it creates itself would be readable for other users.
    await writeFile(part, '', { flag: 'wx', mode: 0o600 });
    await copyDatabase(join(dataDir, 'ved.sqlite'), part);
    await sync(part, 'r+');
    await rename(part, join(dir, name));
    if (process.platform !== 'win32') await sync(dir, 'r');
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await removeOlder(dir, reason);
  return `${FOLDER}/${name}`;
}

/** Copies a consistent snapshot over a separate connection: VACUUM INTO only reads, so it neither waits in the write queue nor blocks it. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const db = await openConnection(from);
  try {
    await execSql(db, `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; VACUUM INTO '${to.replaceAll("'", "''")}'`);
  } finally {
    await closeConnection(db);
  }
}

/** VACUUM INTO leaves the copy in the system's cache. */
async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeOlder(dir: string, reason: string): Promise<void> {
  const [newest, ...older] = (await readdir(dir))
    .filter((name) => BACKUP_NAME.test(name))
    .toSorted()
    .toReversed();
  const others = older.filter((name) => BACKUP_NAME.exec(name)![1] !== reason);
  const kept = new Set([newest, ...others.slice(0, KEPT - 1)]);
  for (const name of older) if (!kept.has(name)) await rm(join(dir, name));
}
