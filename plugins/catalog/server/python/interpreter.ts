/**
 * Owns one child process that runs CPython. It answers one request at a time; a
 * text that is too much for it costs that process and nothing else. Callers see
 * neither the process nor its messages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** For a busy machine. A start takes a second, or four without a snapshot. */
const START_LIMIT_MS = 60_000;
/** Python never gives memory back. Above this (30 MiB after a small program), the process is replaced after its answer. */
const HEAP_TO_RETIRE_AT_BYTES = 96 * 2 ** 20;
/** Of the 8 MiB that the main thread gets. With Node's default of 1 MiB, programs that CPython accepts would be too deep. */
const STACK_KIB = 7_000;
/** How many times longer an answer may take in wall-clock time, on a busy machine. */
const BUSY_FACTOR = 6;
/** Makes glibc allocate large pages. In virtual machines, where each page is expensive, page faults were a third of the start. */
const LARGE_PAGES = 'glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1';
/** Linux counts processor time in these ticks on every machine. */
const TICK_MS = 10;
const CHILD = join('plugins', 'catalog', 'server', 'python', 'child', 'analysis-child.mjs');

export interface Question {
  readonly kind: 'analyse' | 'fingerprint' | 'imports';
  readonly content: string;
}

/** Called before the rest of an `analyse`, so that a program that is too much for the compiler still gets its name. */
export type OnDocstring = (docstring: string | null) => void;

/** A text took longer than allowed. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** The process was killed from outside, for example because the system ran out of memory; the text may be fine. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

interface Message {
  readonly ready?: string;
  readonly docstring?: string | null;
  readonly value?: unknown;
  readonly heapBytes?: number;
}

export class Interpreter {
  /** Resolves with the prefix of its fingerprints; rejects when it does not start. */
  readonly ready: Promise<string>;
  /** Resolves when the process has exited. */
  readonly ended: Promise<void>;
  private readonly process: ChildProcess;
  private stderrTail = '';
  private isAlive = true;
  private hasGrown = false;

  constructor() {
    const root = installation();
    const args = [`--stack-size=${STACK_KIB}`, '--no-warnings', '--wasm-lazy-compilation', '--max-old-space-size=128'];
    // biome-ignore format: one line says what is started
    this.process = spawn(process.execPath, [...args, join(root, CHILD), join(root, 'node_modules', 'pyodide'), join(root, 'build', 'python')], {
      env: { GLIBC_TUNABLES: LARGE_PAGES },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderrTail = (this.stderrTail + text).slice(-500);
    });
    this.ended = new Promise((resolve) => {
      const onExit = (): void => {
        this.isAlive = false;
        resolve();
      };
      this.process.once('exit', onExit);
      this.process.once('error', onExit);
    });
    // Lets the server exit while the child is idle; the child notices and exits too.
    this.process.unref();
    (this.process.stderr as unknown as { unref(): void } | null)?.unref();
    this.release();
    this.ready = this.exchange(START_LIMIT_MS, (message) => message.ready);
    this.ready.catch(() => this.kill());
  }

  /** Whether it can be asked again. */
  get usable(): boolean {
    return this.isAlive && !this.process.killed && this.process.connected && !this.hasGrown;
  }

  /** Rejects with OutOfTime when the text takes more than `limitMs`, with Killed when the process was killed, with Error when the text crashed it. The process has then ended. */
  async ask(question: Question, limitMs: number, onDocstring: OnDocstring = () => undefined): Promise<unknown> {
    await this.ready;
    const answer = this.exchange(limitMs, (message) => {
      if (message.docstring !== undefined) onDocstring(message.docstring);
      if (message.value === undefined) return undefined;
      this.hasGrown = (message.heapBytes ?? 0) > HEAP_TO_RETIRE_AT_BYTES;
      return { value: message.value };
    });
    this.process.send(question, () => undefined);
    try {
      return (await answer).value;
    } catch (error) {
      this.kill();
      throw error;
    }
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  /** Resolves with the first message for which `read` returns a value. While it is pending, it keeps the server's process alive. */
  private exchange<T>(limitMs: number, read: (message: Message) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.process.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
        this.release();
        finish();
      };
      // In its own processor time: on a busy machine it may not have run at all.
      const startedAtMs = this.cpuMs();
      const [lookAgainMs, latest] = [limitMs / 4, performance.now() + limitMs * BUSY_FACTOR];
      const look = (): void => {
        const cpuMs = startedAtMs === null ? null : this.cpuMs();
        if (cpuMs !== null && cpuMs - startedAtMs! < limitMs && performance.now() < latest) timer = setTimeout(look, lookAgainMs);
        else settle(() => reject(new OutOfTime(`no answer within ${limitMs} ms`)));
      };
      let timer = setTimeout(look, limitMs);
      const onMessage = (message: unknown): void => {
        const result = read(message as Message);
        if (result !== undefined) settle(() => resolve(result));
      };
      const onEnd = (): void => {
        const why = `the interpreter ended: ${this.stderrTail.trim() || 'no output on stderr'}`;
        settle(() => reject(this.process.signalCode === 'SIGKILL' ? new Killed(why) : new Error(why)));
      };
      this.process.on('message', onMessage).on('exit', onEnd).on('error', onEnd);
      this.process.channel?.ref();
      if (!this.isAlive) onEnd();
    });
  }

  /** The processor time it has used, where the system reports it (Linux); null elsewhere, and wall-clock time counts. */
  private cpuMs(): number | null {
    try {
      const fields = readFileSync(`/proc/${this.process.pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    } catch {
      return null;
    }
  }

  private release(): void {
    this.process.channel?.unref();
  }
}

/** The root of the clone, whether this runs from the source tree or from the bundle in `build/server`. */
function installation(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CHILD))) return folder;
    if (dirname(folder) === folder) throw new Error(`${CHILD} was not found in any folder above ${fileURLToPath(import.meta.url)}`);
  }
}
