/**
 * The memory snapshot of the embedded interpreter takes seconds to create and is
 * the same in every data folder, so tests create it once and share it. Its name
 * says what it was created from.
 */
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const shared = join(import.meta.dirname, '../../node_modules/.cache/ved/pyodide');

/** Copies the snapshot, if there is one, to the folder in which the engine looks for it. */
export async function lendSnapshot(cacheDir: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  for (const name of await snapshotsIn(shared)) await copyFile(join(shared, name), join(cacheDir, name));
}

/** Stores a snapshot that was created there for later tests. */
export async function keepSnapshot(cacheDir: string): Promise<void> {
  await mkdir(shared, { recursive: true });
  const known = await snapshotsIn(shared);
  for (const name of await snapshotsIn(cacheDir)) {
    if (known.includes(name)) continue;
    const partial = join(shared, `partial-${process.pid}`);
    await copyFile(join(cacheDir, name), partial);
    await rename(partial, join(shared, name));
    for (const stale of known) await rm(join(shared, stale), { force: true });
  }
}

async function snapshotsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^snapshot-\w+\.bin$/.test(name));
}
