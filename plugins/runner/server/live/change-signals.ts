/** Wakes followers when something changed. Signals only that it did: they read the new state from the store. */

export class ChangeSignals {
  private readonly watches = new Map<number, Set<Watch>>();

  notify(ids: readonly number[]): void {
    for (const id of ids) for (const watch of this.watches.get(id) ?? []) watch.notify();
  }

  /** The caller must close it. */
  watch(id: number): Watch {
    const watch = new Watch();
    watch.follow(this, id);
    return watch;
  }

  /** For `Watch.follow`. The returned function removes the watch. */
  add(id: number, watch: Watch): () => void {
    const watches = this.watches.get(id) ?? new Set();
    this.watches.set(id, watches);
    watches.add(watch);
    return () => {
      watches.delete(watch);
      if (watches.size === 0 && this.watches.get(id) === watches) this.watches.delete(id);
    };
  }
}

export class Watch {
  private pending = false;
  private wake: (() => void) | null = null;
  private readonly unsubscribe: (() => void)[] = [];

  /** Also wakes on changes of this id, until closed. */
  follow(signals: ChangeSignals, id: number): void {
    this.unsubscribe.push(signals.add(id, this));
  }

  notify(): void {
    this.pending = true;
    this.wake?.();
  }

  /** Resolves at the next change, immediately if there was one since the last call, or when `signal` fires. */
  async changed(signal: AbortSignal): Promise<void> {
    if (!this.pending && !signal.aborted) await this.woken(signal);
    this.pending = false;
  }

  close(): void {
    for (const remove of this.unsubscribe.splice(0)) remove();
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
