/**
 * Owns the lifetime of one container, from its creation to its removal. Callers never
 * see dockerode. It is attached before it starts, and removed even if the connection
 * is lost.
 */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import type { Artefact, Job, Output, Ran } from '../../../contract/engine.ts';
import { FILE_LIMITS } from '../../../contract/files.ts';
import { FileSection } from '../file-section.ts';
import { type FramePart, readFrames } from '../frame-reader.ts';
import type { Death, Sandbox, ScriptExit } from '../sandbox.ts';
import { statusOf } from './connection.ts';
import { type Trailer, TrailerScanner } from './trailer.ts';

const STREAMS: Readonly<Record<number, 'stdout' | 'stderr'>> = { 1: 'stdout', 2: 'stderr' };
/** Tells process 1 that the server is attached. */
const ATTACHED = '.';
/** Tells it to prepare the container for another job. */
const RENEW = '.';
const READY = /^\0ready (\S+) (\S+)\n$/;
/** Docker's response to a kill takes some milliseconds; after this long, the run ends without it. */
const KILL_PATIENCE_MS = 800;
/** A container that runs this long is named after its run, for people who use `docker ps`. */
const NAME_AFTER_MS = 1000;
/** A container that has not removed itself by then is removed explicitly. */
const REMOVAL_PATIENCE_MS = 5000;
/** A Python that is not up by then, even on a busy machine, never will be. */
const BOOT_PATIENCE_MS = 60_000;
/** Emptying the folders takes milliseconds. */
const RENEW_PATIENCE_MS = 5000;
/** Already removed, or about to be. */
const GONE = [404, 409];

/** What Python reports when it is up. */
export interface Python {
  /** Name and version, such as `cpython-3.14`. */
  readonly name: string;
  /** Such as `3.14.2`. */
  readonly version: string;
}

/** The image of a container. */
export interface ContainerImage {
  readonly id: string;
  /** Identifies it in the record of a run. */
  readonly digest: string;
  /** The configured name of its interpreter; null to use the name that Python reports. */
  readonly interpreter: string | null;
  /** Additional packages in it, as `name==version`; absent if none or unknown. */
  readonly packages?: readonly string[];
}

interface Ready {
  readonly keep: boolean;
  readonly image: ContainerImage;
  readonly python: Python;
}

export class Container implements Sandbox {
  private readonly container: Docker.Container;
  private readonly stream: Duplex;
  private readonly parts: AsyncGenerator<FramePart, void, undefined>;
  /** The next part, requested ahead: it resolves when a waiting container dies. */
  private next: Promise<IteratorResult<FramePart, void>>;
  private readonly keep: boolean;
  private isAlive = true;
  private runCount = 0;
  private scanners: Record<'stdout' | 'stderr', TrailerScanner> | null = null;
  /** Data already read of the next ready message. */
  private after: Buffer = Buffer.alloc(0);
  private killing: NodeJS.Timeout | null = null;
  private naming: NodeJS.Timeout | null = null;

  readonly python: Python;
  readonly ran: Ran;

  private constructor(container: Docker.Container, stream: Duplex, parts: AsyncGenerator<FramePart, void, undefined>, ready: Ready) {
    this.container = container;
    this.stream = stream;
    this.parts = parts;
    this.keep = ready.keep;
    this.python = ready.python;
    const { interpreter, digest, packages } = ready.image;
    this.ran = { interpreter: interpreter ?? ready.python.name, imageDigest: digest, ...(packages ? { packages } : {}) };
    this.next = this.askNext();
  }

  /**
   * Creates a container and resolves when its interpreter waits for a job. Rejects as dockerode does, or with Python's error.
   * With `keep` it can be renewed after a job. `image` must be the one in `spec`.
   */
  static async boot(docker: Docker, spec: ContainerCreateOptions, image: ContainerImage, keep: boolean): Promise<Container> {
    const container = await docker.createContainer(spec);
    let stream: Duplex | null = null;
    const late = setTimeout(() => stream?.destroy(), BOOT_PATIENCE_MS);
    try {
      stream = (await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })) as Duplex;
      stream.on('error', () => undefined);
      const parts = readFrames(stream);
      stream.write(ATTACHED);
      await container.start();
      const python = await readReady(parts);
      // The first byte may come from a server that died before the start; only a running one sends the second.
      stream.write(ATTACHED);
      return new Container(container, stream, parts, { keep, image, python });
    } catch (error) {
      stream?.destroy();
      await removeContainer(container);
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  get alive(): boolean {
    return this.isAlive;
  }

  /** The number of jobs it was sent. */
  get runs(): number {
    return this.runCount;
  }

  /** Whether another job ran in it before. */
  get reused(): boolean {
    return this.runCount > 1;
  }

  send(job: Job): void {
    this.runCount += 1;
    this.naming = setTimeout(
      () => void this.container.rename({ name: `ved-run-${job.runId}-${this.container.id.slice(0, 12)}` }).catch(() => undefined),
      NAME_AFTER_MS,
    );
    const nonce = randomBytes(16).toString('hex');
    this.scanners = { stdout: new TrailerScanner(nonce), stderr: new TrailerScanner(nonce) };
    const { files, bytes, folders } = FILE_LIMITS;
    const header = `${nonce} ${job.script.length} ${job.input.length} ${this.keep ? 1 : 0} ${files} ${bytes} ${folders}\n`;
    // As one message if it is small: Docker forwards each message separately.
    this.stream.cork();
    for (const part of [header, job.script, job.input]) this.stream.write(part);
    this.stream.uncork();
  }

  async *follow(): AsyncGenerator<Output | ScriptExit | Artefact, void, undefined> {
    const scanners = this.scanners!;
    for (let next = await this.next; !next.done; next = await this.parts.next()) {
      const stream = STREAMS[next.value.kind] ?? 'stderr';
      const data = scanners[stream].scan(next.value.data);
      if (data.length > 0) yield { type: 'output', stream, data };
      const trailer = scanners.stdout.trailer;
      if (!trailer || !scanners.stderr.trailer) continue;
      yield exitOf(trailer);
      this.after = scanners.stdout.after;
      if (trailer.files) yield* this.handOver();
      return;
    }
    for (const stream of ['stdout', 'stderr'] as const) {
      const data = scanners[stream].rest();
      if (data.length > 0) yield { type: 'output', stream, data };
    }
  }

  private async *handOver(): AsyncGenerator<Artefact, void, undefined> {
    const section = new FileSection();
    yield* section.read(this.after);
    while (!section.done) {
      const next = await this.parts.next();
      if (next.done) throw new Error('The container ended while sending files.');
      if (STREAMS[next.value.kind] === 'stdout') yield* section.read(next.value.data);
    }
    this.after = section.rest;
  }

  /** After a job: verifies that the container is clean, and waits until its interpreter is ready. False if it is not. */
  async renew(): Promise<boolean> {
    if (!this.keep || !this.scanners) return false;
    if (this.naming) clearTimeout(this.naming);
    const late = setTimeout(() => this.stream.destroy(), RENEW_PATIENCE_MS);
    this.stream.write(RENEW);
    try {
      await readReady(this.parts, this.after);
      this.scanners = null;
      this.next = this.askNext();
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(late);
    }
  }

  async explainDeath(): Promise<Death> {
    try {
      const { State } = await this.container.inspect();
      if (State.OOMKilled) return { status: 'out_of_memory', reason: 'The container ran out of memory.' };
    } catch (error) {
      if (statusOf(error) === null) return { status: 'engine_error', reason: 'The Docker engine became unavailable during the run.' };
    }
    return { status: 'engine_error', reason: 'The container, or the connection to it, was ended from outside during the run.' };
  }

  kill(): void {
    this.killing = setTimeout(() => this.stream.destroy(), KILL_PATIENCE_MS);
    this.container.kill().catch((error: unknown) => {
      if (!GONE.includes(statusOf(error) ?? 0)) this.stream.destroy();
    });
  }

  async dispose(): Promise<void> {
    this.isAlive = false;
    for (const timer of [this.killing, this.naming]) if (timer) clearTimeout(timer);
    // Removing it hangs while an attached stream is paused.
    this.stream.destroy();
    // Process 1 ends with the stream, and the container removes itself. Requesting its removal at the same time can
    // leave a container that Docker lists forever.
    if (!(await isRemoved(this.container))) await removeContainer(this.container);
  }

  private async askNext(): Promise<IteratorResult<FramePart, void>> {
    const next = await this.parts.next();
    if (next.done) this.isAlive = false;
    return next;
  }
}

/** The container started, but Python did not. */
export class NoPython extends Error {
  override readonly name = 'NoPython';
}

/** Reads the ready message. `begun` is the part already read. */
async function readReady(parts: AsyncGenerator<FramePart, void, undefined>, begun: Buffer = Buffer.alloc(0)): Promise<Python> {
  let said = begun.toString('utf8');
  for (;;) {
    const ready = READY.exec(said);
    if (ready) return { name: ready[1]!, version: ready[2]! };
    const next = await parts.next();
    if (next.done) break;
    said += next.value.data.toString('utf8');
  }
  throw new NoPython(`Python did not start in the container: ${said.trim().slice(-500) || 'it ended without a message'}`);
}

/** Whether the container has removed itself within `REMOVAL_PATIENCE_MS`. */
async function isRemoved(container: Docker.Container): Promise<boolean> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), REMOVAL_PATIENCE_MS);
  try {
    await container.wait({ condition: 'removed', abortSignal: patience.signal });
    return true;
  } catch (error) {
    return statusOf(error) === 404;
  } finally {
    clearTimeout(timer);
  }
}

/** Works in any state and does not reject. If the Docker engine is unavailable, the next `reap` removes the container, or it removes itself. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch(() => undefined);
}

function exitOf({ exitCode, oomKills, peakMemoryBytes }: Trailer): ScriptExit {
  return { type: 'exit', exitCode, outOfMemory: oomKills > 0, reason: null, peakMemoryBytes: peakMemoryBytes || null };
}
