/**
 * Runs work that would block the server in a thread, which starts when needed and
 * ends when idle. Requests wait in order.
 */
import { type Transferable, Worker } from 'node:worker_threads';
import type { Reply, Works } from './serve-work.ts';

const IDLE_MS = 60_000;

/** Makes a thread compile TypeScript before it loads the worker; Node 20 does not inherit the main thread's loader. */
const FROM_SOURCE = `const { workerData } = require('node:worker_threads');
import('tsx/esm/api').then(({ register }) => { register(); return import(workerData); });`;

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export class WorkThread<W extends Works> {
  private worker: Worker | null = null;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private idleTimer: NodeJS.Timeout | null = null;

  /** `name` is the worker's file without extension, next to the file whose `import.meta.url` is `beside`. */
  constructor(
    private readonly name: string,
    private readonly beside: string,
  ) {}

  /** Rejects with the work's error, or when the thread dies, for example out of memory. What is in `transfer` becomes unusable here. */
  ask<K extends keyof W & string>(work: K, given: Parameters<W[K]>, transfer: Transferable[] = []): Promise<ReturnType<W[K]>> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.worker ??= this.spawn();
    const { worker } = this;
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: (value) => resolve(value as ReturnType<W[K]>), reject });
      worker.ref();
      worker.postMessage({ id, work, given }, transfer);
    });
  }

  async stop(): Promise<void> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    await this.worker?.terminate();
  }

  /** The built server has the compiled worker next to its own file; a server run from source has the source. */
  private spawn(): Worker {
    const worker = this.beside.endsWith('.ts')
      ? new Worker(FROM_SOURCE, { eval: true, workerData: new URL(`./${this.name}.ts`, this.beside).href })
      : new Worker(new URL(`./${this.name}.js`, this.beside));
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
    worker.on('exit', () => gone(new Error(`the thread of ${this.name} ended`)));
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
