/**
 * The queue of writers in this process. SQLite allows one writer; others wait
 * here, in order, without a connection or a thread, instead of in SQLite's busy
 * handler, which sleeps and is not fair.
 */
import { Unavailable } from '@ved/core/contract';

/** Longer than any real transaction; whatever exceeds it is most likely waiting for itself. */
const WRITE_WAIT_LIMIT_MS = 15_000;

interface Waiter {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

export class WriteQueue {
  private readonly waiting: Waiter[] = [];
  private busy = false;

  /** Runs `work` alone. Throws Unavailable (`core/busy`) when its turn does not come within the limit. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (!this.busy) {
      this.busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(busy());
      }, WRITE_WAIT_LIMIT_MS);
      const waiter: Waiter = { enter: resolve, timer };
      this.waiting.push(waiter);
    });
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (!next) {
      this.busy = false;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }
}

/** The error when the database could not be written in time. */
export function busy(cause?: unknown): Unavailable {
  return new Unavailable('core/busy', 'The database is busy. Try again in a moment.', { headers: { 'Retry-After': '1' }, cause });
}
