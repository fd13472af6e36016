/**
 * The embedded engine: CPython in WebAssembly, one child process for each run,
 * booted ahead from a memory snapshot. Always there; for trusted users.
 */
import type { Logger } from 'pino';
import type { Capabilities, Engine, Exit, Job, Output, Started } from '../../../contract/engine.ts';
import { outOfMemoryReason, RunControl } from '../run-control.ts';
import { WarmPool } from '../warm-pool.ts';
import { type ChildLocks, lockedCommand, probeLocks } from './child-command.ts';
import { InterpreterChild } from './child-process.ts';
import type { ChildExit } from './frames.ts';
import { ensureSnapshot } from './snapshot.ts';

export interface PyodideEngineOptions {
  /** A folder of its own in the data folder, for the memory snapshot (about 30 MB) and the list of children. Made when absent. */
  readonly cacheDir: string;
  /** Children kept booted and waiting, each about 110 MB. The first is made after the first run or `warmUp`. */
  readonly poolSize: number;
  readonly log: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

/** What Node and Pyodide take themselves, beside the memory that a script may have. */
const OVERHEAD_BYTES = 256 * 1024 * 1024;
const WATCH_INTERVAL_MS = 50;

/** The engine that is always there. Nothing is started until the first run, `probe` or `warmUp`. */
export function createPyodideEngine(options: PyodideEngineOptions): Engine {
  return new PyodideEngine(options);
}

class PyodideEngine implements Engine {
  readonly id = 'pyodide';
  readonly #options: PyodideEngineOptions;
  readonly #pool: WarmPool<InterpreterChild>;
  #locks: Promise<ChildLocks> | null = null;

  constructor(options: PyodideEngineOptions) {
    this.#options = options;
    this.#pool = new WarmPool({
      size: options.poolSize,
      make: () => this.#startChild(),
      discard: (child) => discard(child),
      isAlive: (child) => child.alive,
      onFailure: (error) => options.log.warn({ err: error }, 'an embedded interpreter could not be started ahead'),
    });
  }

  async probe(): Promise<Capabilities> {
    const locks = await this.#probeLocks();
    return {
      available: true,
      reason: null,
      interpreter: 'cpython-3.14-pyodide',
      isolation: `For trusted users; not a security boundary. A process for each run, CPython in WebAssembly${
        locks.permissionFlag ? ', no files of this machine' : ''
      }${locks.withoutNetwork.length > 0 ? ', no network' : ''}.`,
      limitations: [
        'No threads and no processes.',
        'No sockets and no network.',
        'Only the standard library; no packages.',
        'The share of the processor is not limited.',
      ],
      imageDigest: null,
    };
  }

  async reap(): Promise<void> {}

  async *run(job: Job): AsyncGenerator<Started | Output | Exit, void, undefined> {
    let child: InterpreterChild | null = null;
    const control = new RunControl(job, () => child?.kill());
    try {
      child = await this.#pool.take();
      if (control.ending) return yield control.endedExit(control.ending, null);
      control.start();
      child.send(job);
      yield { type: 'started' };
      yield* this.#follow(child, job, control);
    } catch (error) {
      yield engineError(control, error instanceof Error ? error.message : String(error));
    } finally {
      control.release();
      if (child) await discard(child);
      void this.#pool.fill();
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async *#follow(child: InterpreterChild, job: Job, control: RunControl): AsyncGenerator<Output | Exit, void, undefined> {
    const watchdog = watchMemory(child, job, control);
    try {
      for await (const frame of child.frames) {
        if (frame.type === 'output') {
          const data = control.admit(frame.data);
          if (data.length > 0) yield { type: 'output', stream: frame.stream, data };
        } else if (frame.type === 'exit' && !control.ending) {
          return yield scriptExit(frame, job, control);
        }
      }
    } finally {
      clearInterval(watchdog);
    }
    if (control.ending) return yield control.endedExit(control.ending, null);
    await child.exited;
    yield crashed(child, job, control);
  }

  async #startChild(): Promise<InterpreterChild> {
    const [locks, child] = await Promise.all([this.#probeLocks(), ensureSnapshot(this.#options.cacheDir)]);
    return InterpreterChild.start(lockedCommand(locks, child), this.#options.cacheDir);
  }

  #probeLocks(): Promise<ChildLocks> {
    this.#locks ??= probeLocks();
    return this.#locks;
  }
}

async function discard(child: InterpreterChild): Promise<void> {
  child.kill();
  await child.exited;
}

function watchMemory(child: InterpreterChild, job: Job, control: RunControl): NodeJS.Timeout {
  return setInterval(() => {
    if ((child.rssBytes() ?? 0) > job.limits.memoryBytes + OVERHEAD_BYTES) control.end('out_of_memory');
  }, WATCH_INTERVAL_MS);
}

function scriptExit(exit: ChildExit, job: Job, control: RunControl): Exit {
  const { durationMs } = control;
  const { exitCode, peakMemoryBytes } = exit;
  if (exit.outOfMemory) {
    return {
      type: 'exit',
      status: 'out_of_memory',
      exitCode,
      reason: outOfMemoryReason(job.limits.memoryBytes),
      durationMs,
      peakMemoryBytes,
    };
  }
  return { type: 'exit', status: exitCode === 0 ? 'succeeded' : 'failed', exitCode, reason: exit.reason, durationMs, peakMemoryBytes };
}

/** The child died without a word: V8 gave up, or something outside killed it. */
function crashed(child: InterpreterChild, job: Job, control: RunControl): Exit {
  if (/out of memory|allocation failed/i.test(child.diagnostics)) {
    return { ...control.endedExit('out_of_memory', null), reason: outOfMemoryReason(job.limits.memoryBytes) };
  }
  return engineError(control, `The process of the interpreter died${child.diagnostics ? `: ${child.diagnostics.slice(0, 300)}` : '.'}`);
}

function engineError(control: RunControl, reason: string): Exit {
  return { type: 'exit', status: 'engine_error', exitCode: null, reason, durationMs: control.durationMs, peakMemoryBytes: null };
}
