/**
 * CPython, asked about texts and nothing else: boots the embedded interpreter,
 * answers one request at a time over Node's own channel, and ends with the
 * server. It runs nothing of a text. Plain JavaScript that imports only pyodide
 * and what Node brings, so that it runs from the source tree whether the server
 * is bundled or not.
 *
 * argv: the folder of pyodide, the folder of the snapshot, and `--make-snapshot` to make that one and end.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const [pyodideDir, snapshotDir] = process.argv.slice(2, 4).map((folder) => resolve(folder));
const mode = process.argv[4];
const PROGRAM = fileURLToPath(new URL('analysis.py', import.meta.url));
/** Beyond it Python raises MemoryError. A program of 1 MiB needs a third of it, or half when it is one long list. */
const MEMORY_LIMIT_BYTES = 768 * 2 ** 20;
const PAGE_BYTES = 65536;
/** One compilation before the first request, so that the paths of the compiler that every program takes are warm. */
const SAMPLE =
  '"""A name."""\nimport sys\n\n\ndef main(path: str) -> None:\n    for line in open(path):\n        print(f"{line!r}", end="")\n\n\nmain(sys.argv[1])\n';

function snapshotPath() {
  const hash = createHash('sha256');
  for (const path of [join(pyodideDir, 'package.json'), PROGRAM]) hash.update(readFileSync(path));
  return join(snapshotDir, `snapshot-${hash.digest('hex').slice(0, 16)}.bin`);
}

function capMemory() {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE_BYTES > MEMORY_LIMIT_BYTES) throw new RangeError('memory limit');
    return grow.call(this, pages);
  };
}

async function boot(options) {
  const { loadPyodide } = await import(pathToFileURL(join(pyodideDir, 'pyodide.mjs')).href);
  const silent = { stdin: () => null, stdout: () => undefined, stderr: () => undefined };
  return loadPyodide({ indexURL: pyodideDir, jsglobals: Object.freeze(Object.create(null)), ...silent, ...options });
}

/** Kept whole or not at all: it is written beside its place and moved there. */
async function makeSnapshot(path) {
  const python = await boot({ _makeSnapshot: true });
  python.runPython(readFileSync(PROGRAM, 'utf8'));
  mkdirSync(snapshotDir, { recursive: true });
  for (const name of readdirSync(snapshotDir)) if (name.startsWith('snapshot-')) rmSync(join(snapshotDir, name), { force: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, python.makeMemorySnapshot());
  renameSync(partial, path);
}

/** Ends the process with the server, also while a text keeps this thread busy. */
function endWithServer() {
  const watch = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
  new Worker(watch, { eval: true }).unref();
  process.on('disconnect', () => process.exit(0));
  // What kills a CPython throws here. Node would show the line of code, which has a million characters.
  process.on('uncaughtException', (error) => {
    process._rawDebug(String(error?.message ?? error).slice(0, 300));
    process.exit(1);
  });
}

async function serve(path) {
  capMemory();
  const python = await boot(existsSync(path) ? { _loadSnapshot: readFileSync(path) } : {});
  if (!python.globals.has('answer')) python.runPython(readFileSync(PROGRAM, 'utf8'));
  const answer = python.globals.get('answer');
  const version = python.globals.get('version')();
  answer('problems', SAMPLE);
  process.on('message', ({ kind, content }) => {
    if (kind === 'analyse') process.send({ docstring: JSON.parse(answer('docstring', content)) });
    const value = JSON.parse(answer(kind === 'analyse' ? 'problems' : kind, content));
    process.send({ value, heapBytes: python._module.HEAPU8.byteLength });
  });
  process.send({ ready: version });
  endWithServer();
}

await (mode === '--make-snapshot' ? makeSnapshot(snapshotPath()) : serve(snapshotPath()));
