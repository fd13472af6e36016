/**
 * One child process with CPython in it, from its spawn to its death. It answers
 * one request at a time; a text that is too much for it costs the process and
 * nothing else. Callers see neither the process nor its messages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** On a machine that does much else. It takes a second, or four without a snapshot. */
const START_LIMIT_MS = 60_000;
/** Python keeps what it once took. Above this (a small program leaves it at 30 MiB) the process is replaced after the answer. */
const HEAP_TO_RETIRE_AT_BYTES = 96 * 2 ** 20;
/** Of the 8 MiB that a system gives the first thread. With Node's own bound of 1 MiB, programs are too deep here that CPython takes. */
const STACK_KIB = 7_000;
/** How many times as long an answer may take by the clock, when the machine is busy with other things. */
const BUSY_FACTOR = 6;
/** Has the C library, where it is one that knows these, ask for memory in large pages: where each page costs much, as in virtual machines, a third of the start was that. */
const LARGE_PAGES = 'glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1';
/** Linux counts processor time in these, whatever the machine. */
const TICK_MS = 10;
const CHILD = join('plugins', 'catalog', 'server', 'python', 'child', 'analysis-child.mjs');

export interface Question {
  readonly kind: 'analyse' | 'fingerprint' | 'imports';
  readonly content: string;
}

/** What an `analyse` says first, so that a program which is too much for the compiler still has its name. */
export type OnDocstring = (docstring: string | null) => void;

/** A text took longer than it may. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Somebody else ended the process, such as a system that is short of memory: the text need not be to blame. */
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
  /** Resolves with what names its fingerprints; rejects when it does not start. */
  readonly ready: Promise<string>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  private readonly process: ChildProcess;
  private said = '';
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
      this.said = (this.said + text).slice(-500);
    });
    this.ended = new Promise((resolve) => {
      const gone = (): void => {
        this.isAlive = false;
        resolve();
      };
      this.process.once('exit', gone);
      this.process.once('error', gone);
    });
    // The server may end while it waits: the child sees that and ends too.
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

  /** Rejects with OutOfTime when the text takes more than `limitMs`, with Killed when somebody ended the process, with Error when it died of the text. After each it is gone. */
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

  /** The first message of which `read` makes something. A pending one keeps the server's process alive. */
  private exchange<T>(limitMs: number, read: (message: Message) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.process.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
        this.release();
        finish();
      };
      // By the clock of its own work: on a busy machine it may have had no turn at all.
      const begunAtMs = this.workedMs();
      const [lookAgainMs, latest] = [limitMs / 4, performance.now() + limitMs * BUSY_FACTOR];
      const look = (): void => {
        const workedMs = begunAtMs === null ? null : this.workedMs();
        if (workedMs !== null && workedMs - begunAtMs! < limitMs && performance.now() < latest) timer = setTimeout(look, lookAgainMs);
        else settle(() => reject(new OutOfTime(`no answer within ${limitMs} ms`)));
      };
      let timer = setTimeout(look, limitMs);
      const onMessage = (message: unknown): void => {
        const result = read(message as Message);
        if (result !== undefined) settle(() => resolve(result));
      };
      const onEnd = (): void => {
        const why = `the interpreter ended: ${this.said.trim() || 'it said nothing'}`;
        settle(() => reject(this.process.signalCode === 'SIGKILL' ? new Killed(why) : new Error(why)));
      };
      this.process.on('message', onMessage).on('exit', onEnd).on('error', onEnd);
      this.process.channel?.ref();
      if (!this.isAlive) onEnd();
    });
  }

  /** Processor time that it took so far, where the system tells (Linux); else null, and the clock on the wall counts. */
  private workedMs(): number | null {
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

/** The clone that this runs from, whether from the source tree or from the bundle in `build/server`. */
function installation(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CHILD))) return folder;
    if (dirname(folder) === folder) throw new Error(`${CHILD} is in no folder above ${fileURLToPath(import.meta.url)}`);
  }
}
