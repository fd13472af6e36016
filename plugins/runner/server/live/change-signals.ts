/** Wakes those who follow things when one of them changed. Says that, never what: they read it from the store. */

export class ChangeSignals {
  private readonly watches = new Map<number, Set<Watch>>();

  notify(ids: readonly number[]): void {
    for (const id of ids) for (const watch of this.watches.get(id) ?? []) watch.notify();
  }

  /** To be closed by whoever asked for it. */
  watch(id: number): Watch {
    const watch = new Watch();
    watch.follow(this, id);
    return watch;
  }

  /** For `Watch.follow`. What it returns takes the watch away again. */
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
  private readonly leaves: (() => void)[] = [];

  /** Is woken by this thing too, until it is closed. */
  follow(signals: ChangeSignals, id: number): void {
    this.leaves.push(signals.add(id, this));
  }

  notify(): void {
    this.pending = true;
    this.wake?.();
  }

  /** Resolves at the next change after the last call, at once when there was one in between, or when `signal` fires. */
  async changed(signal: AbortSignal): Promise<void> {
    if (!this.pending && !signal.aborted) await this.woken(signal);
    this.pending = false;
  }

  close(): void {
    for (const leave of this.leaves.splice(0)) leave();
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
