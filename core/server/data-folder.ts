/** The data folder: made when it is not there, held by one server at a time, with the key that signs cookies. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { BootError } from './boot-error.ts';

export interface HeldFolder {
  /** Lets another server have the folder. */
  release(): Promise<void>;
}

/**
 * Takes the folder for this server. The hold is a lock of the operating system
 * (SQLite's, on a file of its own), so it ends with the process however that
 * ends. Throws BootError when another server holds it.
 */
export async function holdDataFolder(dataDir: string): Promise<HeldFolder> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new BootError([`the data folder ${dataDir} cannot be made: ${error.message}`], { cause: error });
  });
  const pidFile = join(dataDir, 'server.pid');
  const lock = await open(join(dataDir, 'server.lock'));
  try {
    await exec(lock, 'PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    await close(lock);
    if ((error as NodeJS.ErrnoException).code !== 'SQLITE_BUSY') throw error;
    const pid = await readFile(pidFile, 'utf8').catch(() => '?');
    throw new BootError([
      `another server (process ${pid.trim()}) uses the data folder ${dataDir}; stop it, or set VED_DATA_DIR to another folder`,
    ]);
  }
  await writeFile(pidFile, `${process.pid}\n`);
  return { release: () => close(lock) };
}

/** The secret that signs session cookies: made at the first start, readable by the owner only. Call it while the folder is held. */
export async function readSessionKey(dataDir: string): Promise<string> {
  const file = join(dataDir, 'session.key');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept !== null) return kept.trim();
  const key = randomBytes(32).toString('hex');
  // Under its name only once it is whole.
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return key;
}

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const db = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(db)));
  });
}

function exec(db: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    db.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function close(db: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    db.close((error) => (error ? reject(error) : resolve()));
  });
}
