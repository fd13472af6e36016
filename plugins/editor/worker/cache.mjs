/** Caches a built worker until one of its inputs changes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPyrightWorker } from './build.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const DAY_MS = 24 * 60 * 60 * 1000;

/** Packages whose code ends up in the worker or affects how it is built. */
const INGREDIENTS = ['pyright', 'memfs', 'buffer', 'events', 'util', 'stream-browserify', 'path-browserify', 'esbuild'];

async function inputsKey() {
  const hash = createHash('sha256');
  for (const name of INGREDIENTS) hash.update(`${name}@${await versionOf(name)}\n`);
  const entries = await readdir(here, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  for (const file of files.sort()) hash.update(path.relative(here, file)).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** Read from the folder: some packages do not export their package.json, and some share the name of a Node module. */
async function versionOf(name) {
  const folders = require.resolve.paths('pyright').map((folder) => path.join(folder, name, 'package.json'));
  const manifest = folders.find((file) => existsSync(file));
  if (!manifest) throw new Error(`the package ${name} is not installed; run npm install`);
  return JSON.parse(await readFile(manifest, 'utf8')).version;
}

/** Removes builds of earlier inputs; no build that may still read one takes a day. */
async function removeOutdated(cacheDir, current) {
  for (const name of await readdir(cacheDir)) {
    const folder = path.join(cacheDir, name);
    if (folder !== current && Date.now() - (await stat(folder)).mtimeMs > DAY_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** Two concurrent builds create the same folder; the later one finds it there. */
async function publish(unfinished, outDir) {
  try {
    await rename(unfinished, outDir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(outDir)) throw error;
  }
}

/**
 * The paths of an up-to-date worker and typeshed; builds them when there are none for the current inputs.
 * @param {string} cacheDir absolute
 */
export async function cachedPyrightWorker(cacheDir) {
  const outDir = path.join(cacheDir, await inputsKey());
  if (!existsSync(outDir)) {
    const unfinished = path.join(cacheDir, `unfinished-${process.pid}`);
    await buildPyrightWorker(unfinished);
    await publish(unfinished, outDir);
    await removeOutdated(cacheDir, outDir);
  }
  return { worker: path.join(outDir, 'pyright.worker.js'), typeshed: path.join(outDir, 'typeshed.json') };
}
