/**
 * Locates the engines' files that are not TypeScript and run inside a container or a
 * child process. The server always runs from a clone, so they are read from the source
 * tree, even if this module runs from the bundle in `build/server`.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join('plugins', 'runner', 'server', 'engines');

/** The absolute path of a file under `plugins/runner/server/engines`. Throws if this module is not inside a clone. */
export function sourceFile(...parts: string[]): string {
  return join(cloneRoot(), FOLDER, ...parts);
}

/** Core's module with which children boot from a memory snapshot. */
export function sourceOfSnapshots(): string {
  return join(cloneRoot(), 'core', 'server', 'pyodide', 'memory-snapshot.mjs');
}

/** The folder of an installed package, from the clone's `node_modules`. */
export function packageFolder(name: string): string {
  for (const base of [join(cloneRoot(), 'plugins', 'runner'), cloneRoot()]) {
    const folder = join(base, 'node_modules', name);
    if (existsSync(folder)) return folder;
  }
  throw new Error(`the package ${name} is not installed: run npm install`);
}

function cloneRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, FOLDER))) return folder;
    if (dirname(folder) === folder) throw new Error(`${FOLDER} is in no folder above ${fileURLToPath(import.meta.url)}`);
  }
}
