/**
 * Analyses texts with CPython: boots the embedded interpreter, answers one
 * request at a time over Node's IPC channel, and exits with the server. It never
 * runs the texts. Plain JavaScript, so that it runs from the source tree whether
 * the server is bundled or not.
 *
 * argv: the folder of pyodide, the folder of the memory snapshot, and `--make-snapshot` to create the snapshot and exit.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { loadAfresh, loadFromSnapshot, makeSnapshot } from '@ved/core/server/memory-snapshot';

const [pyodideDir, snapshotDir] = process.argv.slice(2, 4).map((folder) => resolve(folder));
const mode = process.argv[4];
const PROGRAM = fileURLToPath(new URL('analysis.py', import.meta.url));
/** Above this, Python raises MemoryError. A program of 1 MiB needs a third of it, or half when it is one long list. */
const MEMORY_LIMIT_BYTES = 768 * 2 ** 20;
const PAGE_BYTES = 65536;
/** When to start the thread that watches the server; until then, only the IPC channel shows that the server ended. */
const WATCH_AFTER_MS = 1000;
/** Compiled once before the first request, to warm up the compiler. */
const SAMPLE =
  '"""A name."""\nimport sys\n\n\ndef main(path: str) -> None:\n    for line in open(path):\n        print(f"{line!r}", end="")\n\n\nmain(sys.argv[1])\n';

const OPTIONS = { stdin: () => null, stdout: () => undefined, stderr: () => undefined, jsglobals: Object.freeze(Object.create(null)) };

function snapshotPath() {
  const hash = createHash('sha256');
  const makers = [join(pyodideDir, 'package.json'), fileURLToPath(import.meta.resolve('@ved/core/server/memory-snapshot')), PROGRAM];
  for (const path of makers) hash.update(readFileSync(path));
  return join(snapshotDir, `snapshot-${hash.digest('hex').slice(0, 16)}.bin`);
}

function capMemory() {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE_BYTES > MEMORY_LIMIT_BYTES) throw new RangeError('memory limit');
    return grow.call(this, pages);
  };
}

async function makeOnlySnapshot(path) {
  mkdirSync(snapshotDir, { recursive: true });
  for (const name of readdirSync(snapshotDir)) if (name.startsWith('snapshot-')) rmSync(join(snapshotDir, name), { force: true });
  await makeSnapshot(path, pyodideDir, OPTIONS, loadProgram);
}

function loadProgram(python) {
  python.runPython(readFileSync(PROGRAM, 'utf8'));
}

/** Ends the process with the server, even while a text keeps this thread busy. */
function watchServer() {
  const watch = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
  new Worker(watch, { eval: true }).unref();
}

async function serve(path) {
  capMemory();
  const afresh = () => loadAfresh(pyodideDir, OPTIONS);
  // An unusable snapshot, such as a truncated one, only costs time.
  const python = existsSync(path) ? await loadFromSnapshot(path, pyodideDir, OPTIONS).catch(afresh) : await afresh();
  if (!python.globals.has('answer')) loadProgram(python);
  const answer = python.globals.get('answer');
  const version = python.globals.get('version')();
  answer('problems', SAMPLE);
  process.on('message', ({ kind, content }) => {
    if (kind === 'analyse') process.send({ docstring: JSON.parse(answer('docstring', content)) });
    const value = JSON.parse(answer(kind === 'analyse' ? 'problems' : kind, content));
    process.send({ value, heapBytes: python._module.HEAPU8.byteLength });
  });
  process.on('disconnect', () => process.exit(0));
  // A crash of CPython throws here. Node would print the line of code, which has a million characters.
  process.on('uncaughtException', (error) => {
    process._rawDebug(String(error?.message ?? error).slice(0, 300));
    process.exit(1);
  });
  process.send({ ready: version });
  // A thread takes as long to start as ten answers, and somebody may be waiting for the first one.
  setTimeout(watchServer, WATCH_AFTER_MS).unref();
}

await (mode === '--make-snapshot' ? makeOnlySnapshot(snapshotPath()) : serve(snapshotPath()));
