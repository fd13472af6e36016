/**
 * Owns one child process with an embedded interpreter, from its spawn to its death. It
 * runs at most one job. Callers never see the process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Artefact, Job, Output, Ran } from '../../../contract/engine.ts';
import { FILE_LIMITS } from '../../../contract/files.ts';
import { FileSection } from '../file-section.ts';
import { type FramePart, readFrames } from '../frame-reader.ts';
import { outOfMemoryReason } from '../run-control.ts';
import type { Death, Sandbox, ScriptExit } from '../sandbox.ts';
import type { ChildCommand } from './child-command.ts';
import { readRss } from './process-table.ts';

/** The same as in child-wire.mjs. */
const FRAME = { stdout: 1, stderr: 2, ready: 3, exit: 4, files: 5 };
/** Ends a child's status message; a frame may come in parts. */
const NEWLINE = 10;
/** Node's last messages are short. */
const DIAGNOSTICS_BYTES = 4096;
/** What Node and Pyodide use themselves, in addition to the script's memory. */
const OVERHEAD_BYTES = 256 * 2 ** 20;
const WATCH_INTERVAL_MS = 50;
/** Interpreters run at low priority, because nothing else limits their processor use: the server comes first. */
const NICENESS = 10;

export class InterpreterChild implements Sandbox {
  private readonly process: ChildProcess;
  private readonly frames: AsyncGenerator<FramePart, void, undefined>;
  private readonly exited: Promise<void>;
  private diagnostics = '';
  private isAlive = true;
  private memoryBytes = 0;

  private constructor(
    process: ChildProcess,
    readonly ran?: Ran,
  ) {
    this.process = process;
    this.frames = readFrames(process.stdio[3] as Readable);
    this.exited = new Promise((resolve) => {
      const gone = (): void => {
        this.isAlive = false;
        resolve();
      };
      process.once('exit', gone);
      process.once('error', (error) => {
        this.diagnostics += error.message;
        if (process.pid === undefined) gone();
      });
    });
    this.collectDiagnostics(process.stdio[2] as Readable);
    // Ignore errors when writing to a dead child: its frames show that it has ended.
    for (const stream of process.stdio) stream?.on('error', () => undefined);
  }

  /** Spawns a child and resolves when its interpreter waits for a job. Rejects with Node's message if it dies first. */
  static async start(command: ChildCommand, cwd: string, ran?: Ran): Promise<InterpreterChild> {
    const process = spawn(command.file, command.args, { cwd, env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] });
    const child = new InterpreterChild(process, ran);
    // Immediately: each thread inherits the priority at its start, including those that compile for a script.
    child.lowerPriority();
    const first = await child.frames.next();
    if (!first.done && first.value.kind === FRAME.ready) return child;
    await child.dispose();
    throw new Error(`The embedded interpreter did not start: ${child.diagnostics.trim() || 'it ended without a message'}`);
  }

  get pid(): number {
    return this.process.pid!;
  }

  get alive(): boolean {
    return this.isAlive;
  }

  send(job: Job): void {
    this.memoryBytes = job.limits.memoryBytes;
    const input = this.process.stdio[0] as Writable;
    const { memoryBytes } = job.limits;
    const header = { scriptBytes: job.script.length, inputBytes: job.input.length, memoryBytes, files: FILE_LIMITS };
    input.write(`${JSON.stringify(header)}\n`);
    input.write(job.script);
    input.end(job.input);
  }

  async *follow(): AsyncGenerator<Output | ScriptExit | Artefact, void, undefined> {
    let message = Buffer.alloc(0);
    for (let next = await this.frames.next(); !next.done; next = await this.frames.next()) {
      const { kind, data } = next.value;
      if (kind === FRAME.stdout) yield { type: 'output', stream: 'stdout', data };
      else if (kind === FRAME.stderr) yield { type: 'output', stream: 'stderr', data };
      else message = Buffer.concat([message, data]);
      if (message.at(-1) !== NEWLINE) continue;
      const { files, ...exit } = JSON.parse(message.toString()) as Omit<ScriptExit, 'type'> & { files: boolean };
      yield { type: 'exit', ...exit };
      if (files) yield* this.handOver();
      return;
    }
  }

  private async *handOver(): AsyncGenerator<Artefact, void, undefined> {
    const section = new FileSection();
    while (!section.done) {
      const next = await this.frames.next();
      if (next.done) throw new Error('The interpreter ended while sending files.');
      if (next.value.kind === FRAME.files) yield* section.read(next.value.data);
    }
  }

  private lowerPriority(): void {
    try {
      if (this.process.pid !== undefined) setPriority(this.process.pid, NICENESS);
    } catch {
      // It has already ended, or this system does not support priorities.
    }
  }

  /** WebAssembly's memory is limited inside the child; this limits everything else. */
  watch(job: Job, exceeded: () => void): () => void {
    const timer = setInterval(() => {
      const rssBytes = this.isAlive ? readRss(this.pid) : null;
      if (rssBytes !== null && rssBytes > job.limits.memoryBytes + OVERHEAD_BYTES) exceeded();
    }, WATCH_INTERVAL_MS);
    return () => clearInterval(timer);
  }

  async explainDeath(): Promise<Death> {
    await this.exited;
    const said = this.diagnostics.trim();
    if (/out of memory|allocation failed/i.test(said)) return { status: 'out_of_memory', reason: outOfMemoryReason(this.memoryBytes) };
    return { status: 'engine_error', reason: `The interpreter process died${said ? `: ${said.slice(0, 300)}` : '.'}` };
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  async dispose(): Promise<void> {
    this.kill();
    await this.exited;
    for (const stream of this.process.stdio) (stream as Duplex | null)?.destroy();
  }

  private collectDiagnostics(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (this.diagnostics.length < DIAGNOSTICS_BYTES) this.diagnostics += text.slice(0, DIAGNOSTICS_BYTES);
    });
  }
}
