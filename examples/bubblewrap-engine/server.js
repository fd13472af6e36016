/** Runs scripts with the machine's own Python in a bubblewrap sandbox, with no network and no files of the machine except its programs. */
import { execFile, spawn } from 'node:child_process';
import { on } from 'node:events';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineRegistry, FILE_LIMITS } from '@ved/runner/contract';

const run = promisify(execFile);
const PYTHON = 'python3';
const SAY_VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

/** A script can only access the machine's programs (read-only) and its own folder. */
const sandbox = (folder) => [
  ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv'],
  ...['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64'],
  ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--bind', join(folder, 'out'), '/tmp/out'],
  ...['--ro-bind', join(folder, 'script.py'), '/script/script.py', '--ro-bind', join(folder, 'input'), '/script/input'],
  ...['--setenv', 'PATH', '/usr/bin', '--setenv', 'PYTHONUNBUFFERED', '1', '--chdir', '/tmp'],
];

class BubblewrapEngine {
  id = 'bubblewrap';
  running = new Set();

  /** `dir` contains one folder per run. */
  constructor(dir) {
    this.dir = dir;
  }

  async probe() {
    const base = { interpreter: '', isolation: '', limitations: [], imageDigest: null };
    try {
      const folder = await this.makeFolder('', '');
      const asked = run('bwrap', [...sandbox(folder), PYTHON, '-c', SAY_VERSION]);
      const { stdout } = await asked.finally(() => rm(folder, { recursive: true }));
      return {
        ...base,
        available: true,
        reason: null,
        interpreter: `cpython-${stdout.trim()}`,
        isolation: 'Bubblewrap: no network, no files of this machine but its programs.',
        limitations: ['The Python of this machine, with the packages that it has.', 'CPU use is not limited.'],
      };
    } catch (error) {
      const reason = `Bubblewrap cannot be used: ${error.message.split('\n').at(-1)}. Install bubblewrap and ${PYTHON}.`;
      return { ...base, available: false, reason };
    }
  }

  /** Removes run folders left by a previous server process. Called before the first run. */
  async reap() {
    const left = await readdir(this.dir);
    await Promise.all(left.map((name) => rm(join(this.dir, name), { recursive: true, force: true })));
  }

  async *run({ script, input, limits, signal }) {
    const folder = await this.makeFolder(script, input);
    const memory = `--as=${limits.memoryBytes}`;
    const child = spawn('prlimit', [memory, 'bwrap', ...sandbox(folder), PYTHON, '/script/script.py', '/script/input'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const began = performance.now();
    let ended = null;
    const end = (status) => {
      ended ??= status;
      child.kill('SIGKILL');
    };
    this.running.add(end);
    const cancel = () => end('cancelled');
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    const timer = setTimeout(() => end('timeout'), limits.timeoutMs);
    try {
      yield { type: 'started' };
      let bytes = 0;
      for await (const [stream, data] of outputOf(child)) {
        bytes += data.length;
        if (bytes > limits.outputBytes) end('output_limit');
        else yield { type: 'output', stream, data };
      }
      // The process has exited: a cancellation or timeout from here on comes too late.
      const exitCode = ended === null ? child.exitCode : null;
      const status = ended ?? (exitCode === 0 ? 'succeeded' : 'failed');
      const durationMs = performance.now() - began;
      if (exitCode !== null) yield* filesIn(join(folder, 'out'));
      yield { type: 'exit', status, exitCode, reason: reasonOf(status, limits), durationMs, peakMemoryBytes: null };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      child.kill('SIGKILL');
      this.running.delete(end);
      await rm(folder, { recursive: true, force: true });
    }
  }

  async makeFolder(script, input) {
    await mkdir(this.dir, { recursive: true });
    const folder = await mkdtemp(join(this.dir, 'run-'));
    await mkdir(join(folder, 'out'));
    await Promise.all([writeFile(join(folder, 'script.py'), script), writeFile(join(folder, 'input'), input)]);
    return folder;
  }

  async close() {
    for (const end of this.running) end('engine_error');
  }
}

function reasonOf(status, { timeoutMs }) {
  if (status === 'timeout') return `Ended after its time limit of ${timeoutMs / 1000} s.`;
  return status === 'engine_error' ? 'The bubblewrap engine was stopped while it ran.' : null;
}

/** Output of both streams as it arrives, until the process has exited and all of it was read. */
async function* outputOf(child) {
  const closed = new AbortController();
  child.once('close', () => setImmediate(() => closed.abort()));
  child.once('error', () => closed.abort());
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (data) => child.emit('output', stream, data));
  try {
    yield* on(child, 'output', { signal: closed.signal });
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
}

async function* filesIn(out) {
  for (const name of (await readdir(out)).slice(0, FILE_LIMITS.files)) {
    // `lstat`, since a link could point anywhere on this machine.
    const stats = await lstat(join(out, name));
    if (stats.isFile() && stats.size <= FILE_LIMITS.bytes) yield { type: 'file', name, data: await readFile(join(out, name)) };
  }
}

export default {
  id: 'bubblewrap',
  requires: [EngineRegistry],
  async start({ services, dataDir }) {
    const engine = new BubblewrapEngine(join(dataDir, 'bubblewrap'));
    const takeBack = services.get(EngineRegistry).register(engine);
    return {
      stop: async () => {
        takeBack();
        await engine.close();
      },
    };
  },
};
