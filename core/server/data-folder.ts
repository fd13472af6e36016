/** The data folder: made when it is not there, held by one server at a time, with the key that signs cookies. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootError } from './boot-error.ts';
import { closeConnection, execSql, openConnection } from './database/connection.ts';

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
  const lock = await openConnection(join(dataDir, 'server.lock'));
  try {
    await execSql(lock, 'PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    await closeConnection(lock);
    if ((error as NodeJS.ErrnoException).code !== 'SQLITE_BUSY') throw error;
    const pid = await readFile(pidFile, 'utf8').catch(() => '?');
    throw new BootError([
      `another server (process ${pid.trim()}) uses the data folder ${dataDir}; stop it, or set VED_DATA_DIR to another folder`,
    ]);
  }
  await makePrivate(dataDir).catch(async (error) => {
    await closeConnection(lock);
    throw error;
  });
  await writeFile(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return { release: () => closeConnection(lock) };
}

/**
 * Takes from others what is in the folder: a person may have made it before, or
 * an older ved, with the rights that the system gives by itself. What lies deeper
 * is out of reach then. Throws BootError when the rights cannot be changed.
 */
async function makePrivate(dataDir: string): Promise<void> {
  // There, who may read is not kept in a mode.
  if (process.platform === 'win32') return;
  const entries = await readdir(dataDir, { withFileTypes: true });
  const own = entries.filter((entry) => entry.isDirectory() || entry.isFile());
  for (const path of [dataDir, ...own.map(({ name }) => join(dataDir, name))]) {
    const stats = await stat(path);
    if ((stats.mode & 0o077) === 0) continue;
    await chmod(path, stats.isDirectory() ? 0o700 : 0o600).catch((error) => {
      const fault = `other users of this machine can reach ${path}, which holds people's scripts and secrets, and its rights cannot be changed`;
      throw new BootError([
        `${fault} (${error.message}); run "chmod -R go= ${dataDir}" as its owner, or set VED_DATA_DIR to another folder`,
      ]);
    });
  }
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
