/**
 * Builds stale parts: the server as one file, the page as hashed assets, a memory snapshot of an interpreter, types.
 * A part is stale when the content of any of its sources has changed; timestamps do not matter.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, giveUp, root } from './install.mjs';

const halves = (...names) => [
  ...names.map((name) => `core/${name}`),
  ...readdirSync(join(root, 'plugins')).flatMap((plugin) => names.map((name) => `plugins/${plugin}/${name}`)),
];

const serverFiles = ['main', 'serve', 'plugins', 'root', 'run-server'].map((name) => `server/${name}.ts`);

/** Each part with its sources, the file or folder that shows it was built, and the command that builds it. */
const parts = {
  server: {
    sources: [...halves('contract', 'server'), ...serverFiles, 'scripts/build-server.mjs', 'package-lock.json'],
    result: 'build/server/main.js',
    command: ['scripts/build-server.mjs'],
  },
  // A memory snapshot of the interpreter that checks scripts on save, so that it starts in one second instead of four.
  python: {
    sources: ['plugins/catalog/server/python/child', 'core/server/pyodide', 'package-lock.json'],
    result: 'build/python',
    command: ['plugins/catalog/server/python/child/analysis-child.mjs', 'node_modules/pyodide', 'build/python', '--make-snapshot'],
  },
  page: {
    sources: [
      ...halves('contract', 'browser'),
      'plugins/editor/worker',
      'server/page',
      'server/vite.config.ts',
      'server/vite',
      'package-lock.json',
    ],
    result: 'build/page/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'server/vite.config.ts', '--logLevel', 'warn'],
  },
  // Type declarations of everything that a plugin may import, for the editors of plugin authors.
  types: {
    sources: [...halves('contract'), 'core/text', 'core/server', 'core/browser', 'tsconfig.base.json', 'package-lock.json'],
    result: 'build/types/core/server/index.d.ts',
    command: ['node_modules/typescript/bin/tsc', '-b', 'core/server', 'core/browser', ...halves('contract')],
  },
};

/** The parts that the server needs to run. */
const RUNNING = ['server', 'python', 'page'];

function* files(path) {
  if (!existsSync(join(root, path))) return;
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch {
    yield path; // a file, not a folder
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* files(child);
    else yield child;
  }
}

function fingerprint(sources) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const source of sources) for (const file of files(source)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const stampOf = (name) => join(root, 'build', `.${name}.stamp`);

/** The parts that must be rebuilt, each with its new fingerprint. */
function staleParts(names) {
  return names.flatMap((name) => {
    const part = parts[name];
    const wanted = fingerprint(part.sources);
    const stamp = stampOf(name);
    const fresh = existsSync(join(root, part.result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
    return fresh ? [] : [{ name, wanted, ...part }];
  });
}

function build({ name, command, wanted }) {
  console.log(`ved: building the ${name} …`);
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => {
      if (code !== 0) giveUp(`the ${name} could not be built; the lines above say why.`);
      mkdirSync(join(root, 'build'), { recursive: true });
      writeFileSync(stampOf(name), wanted);
      console.log(`ved: built the ${name} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      resolve();
    });
  });
}

/** Rebuilds those of the parts that are stale, in separate processes so that they do not use the caller's memory. */
export async function ensureBuilt(names = RUNNING) {
  await Promise.all(staleParts(names).map(build));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  await ensureBuilt();
}
