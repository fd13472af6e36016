/**
 * One embedded interpreter: boots CPython in WebAssembly, waits for one job on
 * descriptor 0, runs it, says how it ended on descriptor 3 and is gone. It is
 * plain JavaScript, so that it runs from the source tree whether the server is
 * bundled or not.
 *
 * argv[2] is JSON: {pyodideDir, snapshotModule, preludePath, snapshotPath, makeSnapshot, stackKib, packages: {folder, lockPath, names}}.
 * Descriptors: 0 job in, 2 what Node itself has to say, 3 frames out, 4 ends when the server does.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { boundFiles } from './child-files.mjs';
import { allowBoot, capMemory, closeProcess, closeSockets, denyImports, forbidInstances, forgetBuiltin } from './child-locks.mjs';
import { handOver, hasFiles } from './child-out.mjs';
import { RingWriter, ringMemory } from './child-ring.mjs';
import { FRAME, readJob, writeFrame } from './child-wire.mjs';

const options = JSON.parse(process.argv[2]);
// By its path, as the names of packages cannot be looked up under Node's permissions.
const { loadFromSnapshot, makeSnapshot } = await import(pathToFileURL(options.snapshotModule).href);
const SCRIPT_PATH = '/runner/script.py';
const INPUT_PATH = '/runner/input';
const OUT_FOLDER = '/tmp/out';
/** The package `tzdata` of the Python project, in which `zoneinfo` looks where a system has no time zones of its own. */
const TIME_ZONES = new URL('./tzdata-2026.4-py2.py3-none-any.whl', import.meta.url);
/** Of stderr, kept to tell why a script died. */
const TAIL_BYTES = 4096;

let stderrTail = Buffer.alloc(0);

function streamTo(ring, frame) {
  return {
    isatty: false,
    write(bytes) {
      ring.write(frame, bytes);
      if (frame === FRAME.stderr) stderrTail = Buffer.concat([stderrTail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      return bytes.length;
    },
  };
}

function packageOptions({ folder, lockPath }) {
  return { lockFileContents: readFileSync(lockPath, 'utf8'), packageBaseUrl: `${folder}/`, packageCacheDir: `${folder}/` };
}

/** While Pyodide can still reach its files. Their hashes have been checked by the server. */
async function loadPackages(python) {
  const { names } = options.packages;
  const loaded = await python.loadPackage(names, { messageCallback: () => undefined, errorCallback: (line) => process._rawDebug(line) });
  if (names.every((name) => loaded.some((each) => each.name === name))) return;
  process._rawDebug(`of the packages ${names.join(', ')} some could not be loaded`);
  process.exit(1);
}

function bootOptions() {
  return {
    args: [SCRIPT_PATH, INPUT_PATH],
    env: { HOME: '/tmp', LANG: 'C.UTF-8', PATH: '/usr/local/bin:/usr/bin:/bin', PYTHONINSPECT: '', PYTHONUNBUFFERED: '1' },
    _sysExecutable: '/usr/bin/python3',
    // Without these Pyodide opens Node's own streams, which makes descriptor 0 non-blocking.
    stdin: () => null,
    stdout: () => undefined,
    stderr: (line) => process._rawDebug(line),
    jsglobals: Object.freeze(Object.create(null)),
    ...(options.packages ? packageOptions(options.packages) : {}),
  };
}

/** Boots from nothing, loads the prelude and keeps the memory for every later boot. */
async function makeThisSnapshot() {
  const loadPrelude = (python) => python.runPython(readFileSync(options.preludePath, 'utf8'), { filename: '<prelude>' });
  await makeSnapshot(options.snapshotPath, options.pyodideDir, bootOptions(), loadPrelude);
  process.exit(0);
}

/** Waits in the kernel, as the interpreter itself would spin. A device, so that no JavaScript object is within a script's reach. */
function addSleepDevice(FS) {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const device = FS.makedev(64, 1);
  FS.registerDevice(device, {
    write(_stream, buffer, offset, length) {
      if (length !== 8) return length;
      const seconds = new DataView(buffer.buffer, buffer.byteOffset + offset, length).getFloat64(0, true);
      if (seconds > 0) Atomics.wait(never, 0, 0, seconds * 1000);
      return length;
    },
  });
  FS.mkdev('/dev/sleep', 0o666, device);
}

/** Has CPython raise RecursionError before the native stack, of which it knows nothing, is used up. */
function boundStack(C) {
  if (!options.stackKib) return;
  const bytes = options.stackKib * 1024;
  C._PyUnstable_ThreadState_SetStackProtection(C._PyThreadState_Get(), C._emscripten_stack_get_current() - bytes, bytes);
}

/** Runs the script at top level, with no frame of ours beneath it, and returns its exit code. */
function runScript(python, entry) {
  const C = python._module;
  boundStack(C);
  try {
    const code = C._PyObject_CallNoArgs(entry.compile);
    const value = code && C._PyEval_EvalCode(code, entry.namespace(), entry.namespace());
    let exitCode = 0;
    if (!value) exitCode = uncaught(C, entry);
    C._PyObject_CallNoArgs(entry.finish) || C._PyErr_PrintEx(0);
    return { exitCode, reason: null };
  } catch (error) {
    if (error?.name === 'ExitStatus') return { exitCode: error.status & 0xff, reason: null };
    // What kills a CPython by SIGABRT or SIGSEGV throws here.
    const message = String(error?.message ?? error);
    return { exitCode: /^(unreachable|Aborted)/.test(message) ? -6 : -11, reason: crashReason(message) };
  }
}

function crashReason(message) {
  const tooDeep = /call stack|out of bounds/.test(message);
  const why = tooDeep
    ? 'calls or data are nested deeper than its stack holds, where Python could not raise RecursionError. Use a loop, or nest less deeply'
    : 'as Python does when its own code fails, such as by ctypes or os.abort()';
  return `The interpreter crashed: ${why} (${message.split('\n')[0].slice(0, 200)}).`;
}

function uncaught(C, entry) {
  const exception = C._PyErr_GetRaisedException();
  const exitCode = C._PyLong_AsLong(C._PyObject_CallOneArg(entry.exitCodeOf, exception));
  if (exitCode >= 0) return exitCode;
  C._PyErr_SetRaisedException(exception);
  C._PyErr_PrintEx(1);
  return exitCode === -2 ? -2 : 1;
}

async function main() {
  if (options.makeSnapshot) return makeThisSnapshot();
  const memoryOfRing = ringMemory();
  const ring = new RingWriter(memoryOfRing);
  const thread = new Worker(new URL('./child-thread.mjs', import.meta.url), { stdin: false, workerData: memoryOfRing });
  thread.unref();
  const held = once(thread, 'message');
  const memory = capMemory();
  allowBoot();
  const python = await loadFromSnapshot(options.snapshotPath, options.pyodideDir, bootOptions());
  python.setStdout(streamTo(ring, FRAME.stdout));
  python.setStderr(streamTo(ring, FRAME.stderr));
  python.setStdin({ error: false, stdin: () => null });
  addSleepDevice(python.FS);
  python.FS.writeFile('/lib/tzdata.zip', readFileSync(TIME_ZONES));
  if (options.packages) await loadPackages(python);
  const [kept, proxies] = python.globals.get('_ved_seal')().toJs();
  const [compile, namespace, exitCodeOf, finish] = kept;
  forbidInstances(python._module, proxies);
  forgetBuiltin(python._module, '_pyodide_core');
  closeSockets(python._module);
  // It imports what it needs of Node.
  await held;
  denyImports();
  closeProcess();
  writeFrame(FRAME.ready, Buffer.from('\n'));

  const job = readJob();
  if (!job) process.exit(0);
  python.FS.mkdirTree('/runner');
  python.FS.writeFile(SCRIPT_PATH, job.script);
  python.FS.writeFile(INPUT_PATH, job.input);
  python.FS.mkdirTree(OUT_FOLDER);
  boundFiles(python.FS);
  memory.limit(job.memoryBytes);
  const { exitCode, reason } = runScript(python, { compile, namespace: () => namespace, exitCodeOf, finish });
  const lastLine = stderrTail.toString('latin1').trimEnd().split('\n').at(-1);
  // An interpreter that crashes after it was refused memory has not looked whether it got any.
  const outOfMemory = exitCode !== 0 && memory.refused() && (reason !== null || /^[\w.]*MemoryError\b/.test(lastLine));
  const files = hasFiles(python.FS, OUT_FOLDER);
  const exit = { exitCode, reason, outOfMemory, peakMemoryBytes: python._module.HEAPU8.byteLength, files };
  ring.drain();
  writeFrame(FRAME.exit, Buffer.from(`${JSON.stringify(exit)}\n`));
  if (files) handOver(python.FS, OUT_FOLDER, job.files, (...data) => writeFrame(FRAME.files, ...data));
  process.exit(0);
}

await main();
