/** The data folder: created when missing, locked by one server at a time, and containing the key that signs cookies. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootError } from './boot-error.ts';
import { closeConnection, execSql, openConnection } from './database/connection.ts';

export interface HeldFolder {
  /** Unlocks the folder. */
  release(): Promise<void>;
}

/**
 * Locks the folder for this server. It is a lock of the operating system (via
 * SQLite, on its own file), so it ends with the process, however that ends. Throws
 * BootError when another server has locked it.
 */
export async function holdDataFolder(dataDir: string): Promise<HeldFolder> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new BootError([`the data folder ${dataDir} cannot be created: ${error.message}`], { cause: error });
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
      `another server (process ${pid.trim()}) is using the data folder ${dataDir}; stop it, or set VED_DATA_DIR to another folder`,
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
 * Removes other users' permissions on the folder's contents, which a person or an
 * older ved may have created with default permissions. Deeper files are then out
 * of reach. Throws BootError when the permissions cannot be changed.
 */
async function makePrivate(dataDir: string): Promise<void> {
  // Windows has no modes.
  if (process.platform === 'win32') return;
  const entries = await readdir(dataDir, { withFileTypes: true });
  const own = entries.filter((entry) => entry.isDirectory() || entry.isFile());
  for (const path of [dataDir, ...own.map(({ name }) => join(dataDir, name))]) {
    const stats = await stat(path);
    if ((stats.mode & 0o077) === 0) continue;
    await chmod(path, stats.isDirectory() ? 0o700 : 0o600).catch((error) => {
      const fault = `other users of this machine can read ${path}, which contains scripts and secrets, and its permissions cannot be changed`;
      throw new BootError([
        `${fault} (${error.message}); run "chmod -R go= ${dataDir}" as its owner, or set VED_DATA_DIR to another folder`,
      ]);
    });
  }
}

/** The secret that signs session cookies: created at the first start, readable by the owner only. Call it while the folder is locked. */
export async function readSessionKey(dataDir: string): Promise<string> {
  const file = join(dataDir, 'session.key');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept !== null) return kept.trim();
  const key = randomBytes(32).toString('hex');
  // Renamed only once it is complete.
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return key;
}
