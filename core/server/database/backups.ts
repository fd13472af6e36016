/**
 * Copies of the database from before migrations, in `backups/` of the data
 * folder. A file there has its name only once it is whole and on the disk. Each
 * says before which migration it was made; a later one from before the same
 * migration takes its place, so that retries do not push out the others.
 */
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeConnection, execSql, openConnection } from './connection.ts';

/** The folder in the data folder. */
const FOLDER = 'backups';
/** Each is as large as the database. */
const KEPT = 3;
/** Of the name of a migration, which whoever wrote the plugin chose. */
const LONGEST_REASON = 60;
/** Users may hold the database up for as long as a transaction takes. */
const BUSY_TIMEOUT_MS = 5_000;
const BACKUP_NAME = /^ved-[\dTZ.-]+-before-(.+)\.sqlite$/;

/** Backs `ved.sqlite` up; people may go on writing to it. `before` says what follows, such as `catalog-007-tags`. Answers with the file's path in the data folder. */
export async function backUpDatabase(dataDir: string, before: string): Promise<string> {
  const dir = join(dataDir, FOLDER);
  const reason = before.replaceAll(/[^a-zA-Z0-9]+/g, '-').slice(0, LONGEST_REASON);
  const name = `ved-${new Date().toISOString().replaceAll(':', '-')}-before-${reason}.sqlite`;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const left of await readdir(dir)) if (left.endsWith('.part')) await rm(join(dir, left));
  const part = join(dir, `${name}.part`);
  try {
    // Empty, so that SQLite fills it, and its owner's alone, which one made by SQLite would not be.
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

/** As it is at one moment, by a connection of its own: VACUUM INTO only reads, so it need not wait for the queue of writers, nor hold it. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const db = await openConnection(from);
  try {
    await execSql(db, `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; VACUUM INTO '${to.replaceAll("'", "''")}'`);
  } finally {
    await closeConnection(db);
  }
}

/** SQLite leaves what it vacuums into to the system's cache. */
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
