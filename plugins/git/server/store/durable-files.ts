/**
 * Writes files that are complete and on disk before they get their final name:
 * they are written to the staging folder, synced, and only then moved or linked
 * into place. Files that a crash leaves in the staging folder are unused, and are
 * removed at the next start.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { translateDiskError } from './disk-error.ts';

export class Staging {
  constructor(readonly dir: string) {}

  /** Writes and syncs a new file; the caller moves or unlinks it. Throws InsufficientStorage on a full disk and leaves no file behind. */
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

  /** Creates an empty folder in the staging folder. */
  async folder(): Promise<string> {
    const path = join(this.dir, randomBytes(12).toString('hex'));
    await mkdir(path).catch(translateDiskError);
    return path;
  }

  /** The absolute paths of everything in the staging folder. */
  async list(): Promise<string[]> {
    return (await readdir(this.dir)).map((name) => join(this.dir, name));
  }

  /** Creates the staging folder if it is missing. */
  async create(): Promise<void> {
    await mkdir(this.dir, { recursive: true }).catch(translateDiskError);
  }

  /** Empties the staging folder. Call it only while nothing writes. */
  async clear(): Promise<void> {
    for (const path of await this.list()) await rm(path, { recursive: true, force: true });
  }
}

/** Syncs a folder, so that the names in it survive a power failure. Windows neither offers nor needs this. */
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

/** Whether the error of a file operation has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
