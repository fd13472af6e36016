/**
 * Owns the memory snapshot from which children boot. It is created once per version of
 * Node, Pyodide and the prelude, and shared by successive server processes.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolder, sourceFile, sourceOfSnapshots } from '../source-file.ts';
import { type BootOptions, nodeFlags } from './child-command.ts';

const run = promisify(execFile);

/** It takes 3 s; a busy machine may take much longer. */
const MAKE_TIMEOUT_MS = 120_000;

/** Creates the snapshot if it is missing, and returns the options to boot a child from it. */
export async function ensureSnapshot(cacheDir: string): Promise<BootOptions> {
  const pyodideDir = packageFolder('pyodide');
  const preludePath = sourceFile('pyodide', 'prelude.py');
  const snapshotModule = sourceOfSnapshots();
  const key = await snapshotKey([join(pyodideDir, 'package.json'), preludePath, sourceFile('pyodide', 'child.mjs'), snapshotModule]);
  const options = { pyodideDir, snapshotModule, preludePath, snapshotPath: join(cacheDir, `snapshot-${key}.bin`) };
  if (existsSync(options.snapshotPath)) return options;
  await mkdir(cacheDir, { recursive: true });
  await removeOthers(cacheDir);
  // Without the restrictions of other children: it runs no script, and writes a file.
  const args = [...nodeFlags(), sourceFile('pyodide', 'child.mjs'), JSON.stringify({ ...options, makeSnapshot: true })];
  await run(process.execPath, args, { timeout: MAKE_TIMEOUT_MS, env: {} });
  return options;
}

async function snapshotKey(makers: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const path of makers) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

async function removeOthers(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (name.startsWith('snapshot-')) await rm(join(cacheDir, name), { force: true });
  }
}
