/**
 * Owns one child process with an embedded interpreter, from its spawn to its
 * death. It runs one job at most. Callers never see the process; whoever has a
 * child must kill it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Job } from '../../../contract/engine.ts';
import { type Frame, readFrames } from './frames.ts';
import { readRss } from './process-table.ts';

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** What Node says of a dying child is short. */
const DIAGNOSTICS_BYTES = 4096;

export class InterpreterChild {
  readonly frames: AsyncGenerator<Frame, void, undefined>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  readonly #process: ChildProcess;
  #diagnostics = '';
  #alive = true;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.frames = readFrames(process.stdio[3] as Readable);
    this.exited = new Promise((resolve) => {
      const gone = (): void => {
        this.#alive = false;
        resolve();
      };
      process.once('exit', gone);
      process.once('error', (error) => {
        this.#diagnostics += error.message;
        if (process.pid === undefined) gone();
      });
    });
    this.#collectDiagnostics(process.stdio[2] as Readable);
    // Writing to a child that has died is no error of ours: its end is seen on the frames.
    for (const stream of process.stdio) stream?.on('error', () => undefined);
  }

  /** Spawns a child and resolves when its interpreter waits for a job. Rejects with what Node said when it dies before. */
  static async start(command: ChildCommand, cwd: string): Promise<InterpreterChild> {
    const process = spawn(command.file, command.args, { cwd, env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] });
    const child = new InterpreterChild(process);
    const first = await child.frames.next();
    if (!first.done && first.value.type === 'ready') return child;
    child.kill();
    await child.exited;
    throw new Error(`The embedded interpreter did not start: ${child.diagnostics || 'it ended without a word'}`);
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** What Node itself said on its way out. */
  get diagnostics(): string {
    return this.#diagnostics.trim();
  }

  /** Resident memory in bytes; null when it cannot be told. */
  rssBytes(): number | null {
    return this.#alive ? readRss(this.pid) : null;
  }

  /** Hands over the job. The lifeline stays open until the child is killed. */
  send(job: Job): void {
    const input = this.#process.stdio[0] as Writable;
    const header = { scriptBytes: job.script.length, inputBytes: job.input.length, memoryBytes: job.limits.memoryBytes };
    input.write(`${JSON.stringify(header)}\n`);
    input.write(job.script);
    input.end(job.input);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
    (this.#process.stdio[4] as Duplex | undefined)?.destroy();
  }

  #collectDiagnostics(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (this.#diagnostics.length < DIAGNOSTICS_BYTES) this.#diagnostics += text.slice(0, DIAGNOSTICS_BYTES);
    });
  }
}
