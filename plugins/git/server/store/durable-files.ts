/**
 * Files that are whole and on the disk before anything names them: written to
 * the staging folder, synced, and only then moved or linked to where they
 * belong. What a crash leaves in the staging folder is nobody's, and is cleared
 * at the next start.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { translateDiskError } from './disk-error.ts';

export class Staging {
  constructor(readonly dir: string) {}

  /** Writes and syncs a new file; whoever called moves it away or unlinks it. Throws InsufficientStorage on a full disk, leaving nothing. */
  async write(bytes: Uint8Array | string, mode = 0o644): Promise<string> {
    const path = join(this.dir, randomBytes(12).toString('hex'));
    const file = await open(path, 'wx', mode).catch(translateDiskError);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await file.close();
      await unlink(path);
      translateDiskError(error);
    }
    await file.close();
    return path;
  }

  /** A new empty folder in here. */
  async folder(): Promise<string> {
    const path = join(this.dir, randomBytes(12).toString('hex'));
    await mkdir(path).catch(translateDiskError);
    return path;
  }

  /** What is in here, as absolute paths. */
  async list(): Promise<string[]> {
    return (await readdir(this.dir)).map((name) => join(this.dir, name));
  }

  /** Makes the folder when it is not there. */
  async create(): Promise<void> {
    await mkdir(this.dir, { recursive: true }).catch(translateDiskError);
  }

  /** Removes everything in here. Only while nothing writes. */
  async clear(): Promise<void> {
    for (const path of await this.list()) await rm(path, { recursive: true, force: true });
  }
}

/** Syncs a folder, so that the names in it survive a loss of power. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    translateDiskError(error);
  } finally {
    await folder.close();
  }
}

/** Whether an error of a file operation has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
