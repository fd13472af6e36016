/**
 * One worker thread that answers one request at a time, in order. It starts at
 * the first request, ends after a while without any, and is replaced when a
 * request crashes it or takes too long; only that request fails.
 */
import type { Worker } from 'node:worker_threads';

/** Long enough to stay warm while somebody works, short enough that a quiet server gives the memory back. */
const IDLE_MS = 5 * 60_000;
/** A program of 1 MiB takes about 5 s; only brackets nested hundreds deep take longer. */
const TIME_LIMIT_MS = 10_000;

/** What a worker says once, when it can take requests. Its start counts against no request: on a busy machine it takes longer than any. */
export const READY = 'ready';

export class WorkerLane<Request, Reply> {
  private worker: Worker | null = null;
  private ready: Promise<void> = Promise.resolve();
  private tail: Promise<unknown> = Promise.resolve();
  private idleTimer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(private readonly spawn: () => Worker) {}

  /** Resolves with the worker's reply; rejects when it crashed, ran out of time or the lane was stopped. */
  ask(request: Request): Promise<Reply> {
    const reply = this.tail.then(() => this.exchange(request));
    this.tail = reply.catch(() => undefined);
    return reply;
  }

  /** Starts the thread unless it runs. */
  start(): Worker {
    if (this.stopped) throw new Error('the worker lane is stopped');
    if (!this.worker) {
      const worker = this.spawn();
      worker.unref();
      worker.on('error', () => this.discard(worker));
      worker.on('exit', () => this.discard(worker));
      this.worker = worker;
      this.ready = readiness(worker);
      this.ready.catch(() => undefined); // whoever asks is told
    }
    this.restartIdleTimer();
    return this.worker;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.idleTimer) clearTimeout(this.idleTimer);
    await this.worker?.terminate();
  }

  private async exchange(request: Request): Promise<Reply> {
    const worker = this.start();
    // A pending question must keep the process alive until it is answered.
    worker.ref();
    try {
      await this.ready;
      return await replyOf<Reply>(worker, () => worker.postMessage(request));
    } catch (error) {
      this.discard(worker);
      void worker.terminate();
      throw error;
    } finally {
      worker.unref();
    }
  }

  private discard(worker: Worker): void {
    if (this.worker === worker) this.worker = null;
  }

  private restartIdleTimer(): void {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => {
      const worker = this.worker;
      this.worker = null;
      void worker?.terminate();
    }, IDLE_MS);
    this.idleTimer.unref();
  }
}

function readiness(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message) => (message === READY ? resolve() : reject(new Error('the worker spoke before it was ready'))));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the worker ended before it was ready')));
  });
}

function replyOf<Reply>(worker: Worker, send: () => void): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error(`no answer within ${TIME_LIMIT_MS} ms`))), TIME_LIMIT_MS);
    const onMessage = (reply: Reply): void => settle(() => resolve(reply));
    const onError = (error: unknown): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error('the worker ended')));
    function settle(finish: () => void): void {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      finish();
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    send();
  });
}
