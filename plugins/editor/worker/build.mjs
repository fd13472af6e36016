/**
 * Builds the Pyright worker: the language server as one script, typeshed's
 * `stdlib` as one JSON file. Leaves caching, naming and serving to `vite-plugin.mjs`.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const pyrightFolder = path.dirname(require.resolve('pyright/package.json'));

/** How pyright's bundle loads its two other chunks, which a bundler cannot follow. */
const CHUNK_REQUIRE = /require\("\.\/"\+(\w+\.u\(\w+\))\)/;

/** Replacements for Node's modules; those that Pyright never uses in a browser share an empty one. */
const shims = {
  fs: 'fs',
  os: 'os',
  crypto: 'crypto',
  url: 'url',
  v8: 'v8',
  worker_threads: 'worker-threads',
  module: 'module',
  child_process: 'absent',
  net: 'absent',
  readline: 'absent',
  zlib: 'absent',
};
const polyfills = { path: 'path-browserify', util: 'util', stream: 'stream-browserify', events: 'events', buffer: 'buffer' };

/** Lets esbuild see both chunks. Throws when a new pyright is built differently, so that nobody ships a broken worker. */
const followChunks = {
  name: 'pyright-chunks',
  setup(context) {
    context.onLoad({ filter: /pyright-langserver\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      if (!CHUNK_REQUIRE.test(source)) throw new Error(`${file} loads its chunks differently; adapt CHUNK_REQUIRE`);
      const contents = source.replace(CHUNK_REQUIRE, '($1==="vendor.js"?require("./vendor.js"):require("./pyright-internal.js"))');
      return { contents, loader: 'js' };
    });
  },
};

/** With and without Node's `node:` prefix. */
function aliases() {
  const entries = [
    ...Object.entries(shims).map(([name, shim]) => [name, path.join(here, 'shims', `${shim}.ts`)]),
    ...Object.entries(polyfills).map(([name, packageName]) => [name, packageName]),
  ];
  return Object.fromEntries(entries.flatMap(([name, target]) => [[`node:${name}`, target], ...(name === target ? [] : [[name, target]])]));
}

/** Python's own library only: third-party stubs come with the run environment. */
async function bundleTypeshed() {
  const root = path.join(pyrightFolder, 'dist', 'typeshed-fallback');
  const entries = await readdir(path.join(root, 'stdlib'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  const texts = await Promise.all(
    files.sort().map(async (file) => [path.relative(root, file).split(path.sep).join('/'), await readFile(file, 'utf8')]),
  );
  return JSON.stringify(Object.fromEntries(texts));
}

/**
 * Writes `pyright.worker.js` and `typeshed.json` into a folder and returns their absolute paths.
 * @param {string} outDir created if missing
 */
export async function buildPyrightWorker(outDir) {
  await mkdir(outDir, { recursive: true });
  const worker = path.join(outDir, 'pyright.worker.js');
  const typeshed = path.join(outDir, 'typeshed.json');
  await build({
    entryPoints: [path.join(here, 'pyright.worker.ts')],
    outfile: worker,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
    define: { __dirname: '"/pyright"', __filename: '"/pyright/pyright-langserver.js"' },
    inject: [path.join(here, 'worker-globals.ts')],
    alias: aliases(),
    plugins: [followChunks],
  });
  await writeFile(typeshed, await bundleTypeshed());
  return { worker, typeshed };
}
