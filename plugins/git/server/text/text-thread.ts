/**
 * Compares and merges texts without holding up the server: small ones at once,
 * large ones in a thread, which starts when there is one and ends when idle.
 * Its work is bounded (EDIT_LIMIT), so that one request waits for others at
 * most some seconds.
 */
import { Worker } from 'node:worker_threads';
import { TEXT_WORK, type TextWork } from './text-work.ts';

/** Characters of all texts together up to which the work takes less than to ask a thread: some 5 ms, for lines as short as they get. */
const SMALL_LENGTH = 32_000;
const IDLE_MS = 60_000;

/** Makes a thread translate TypeScript before it loads the worker; Node 20 does not hand the main thread's loader down. */
const FROM_SOURCE = `const { workerData } = require('node:worker_threads');
import('tsx/esm/api').then(({ register }) => { register(); return import(workerData); });`;

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

export class TextThread {
  private worker: Worker | null = null;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private idleTimer: NodeJS.Timeout | null = null;

  /** Rejects when the thread dies, as of too little memory. */
  async ask<W extends keyof TextWork>(work: W, ...given: Parameters<TextWork[W]>): Promise<ReturnType<TextWork[W]>> {
    if (lengthOf(given) <= SMALL_LENGTH) return (TEXT_WORK[work] as (...given: unknown[]) => ReturnType<TextWork[W]>)(...given);
    const worker = this.start();
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: (value) => resolve(value as ReturnType<TextWork[W]>), reject });
      worker.ref();
      worker.postMessage({ id, work, given });
    });
  }

  async stop(): Promise<void> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    await this.worker?.terminate();
  }

  private start(): Worker {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.worker ??= this.spawn();
    return this.worker;
  }

  /** The built server has the worker as a file beside its own; a server run from source has the source. */
  private spawn(): Worker {
    const worker = import.meta.url.endsWith('.ts')
      ? new Worker(FROM_SOURCE, { eval: true, workerData: new URL('./text-worker.ts', import.meta.url).href })
      : new Worker(new URL('./text-worker.js', import.meta.url));
    worker.on('message', (reply: Reply) => {
      const asked = this.pending.get(reply.id);
      this.pending.delete(reply.id);
      if (this.pending.size === 0) this.rest(worker);
      if (reply.error === undefined) asked?.resolve(reply.value);
      else asked?.reject(reply.error);
    });
    const gone = (error: unknown): void => {
      if (this.worker === worker) this.worker = null;
      for (const asked of this.pending.values()) asked.reject(error);
      this.pending.clear();
    };
    worker.on('error', gone);
    worker.on('exit', () => gone(new Error('the thread that compares texts ended')));
    return worker;
  }

  private rest(worker: Worker): void {
    worker.unref();
    this.idleTimer = setTimeout(() => {
      if (this.worker === worker) this.worker = null;
      void worker.terminate();
    }, IDLE_MS);
    this.idleTimer.unref();
  }
}

function lengthOf(given: readonly unknown[]): number {
  return given.reduce<number>((sum, each) => sum + (typeof each === 'string' ? each : (each as { text: string }).text).length, 0);
}
