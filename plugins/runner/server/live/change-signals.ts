/** Wakes those who follow a thing when it changed. Says that, never what: they read it from the store. */

export interface Watch {
  /** Resolves at the next change after the last call, at once when there was one in between, or when `signal` fires. */
  changed(signal: AbortSignal): Promise<void>;
  close(): void;
}

class Latch implements Watch {
  private pending = false;
  private wake: (() => void) | null = null;

  constructor(readonly close: () => void) {}

  notify(): void {
    this.pending = true;
    this.wake?.();
  }

  async changed(signal: AbortSignal): Promise<void> {
    if (!this.pending && !signal.aborted) await this.woken(signal);
    this.pending = false;
  }

  private woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.wake = null;
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

export class ChangeSignals {
  private readonly latches = new Map<number, Set<Latch>>();

  notify(ids: readonly number[]): void {
    for (const id of ids) for (const latch of this.latches.get(id) ?? []) latch.notify();
  }

  /** To be closed by whoever asked for it. */
  watch(id: number): Watch {
    const latches = this.latches.get(id) ?? new Set();
    this.latches.set(id, latches);
    const latch = new Latch(() => {
      latches.delete(latch);
      if (latches.size === 0 && this.latches.get(id) === latches) this.latches.delete(id);
    });
    latches.add(latch);
    return latch;
  }
}
