/** Runs a task immediately and then periodically, never twice at the same time, until stopped. */

export interface PeriodicOptions {
  readonly intervalMs: number;
  /** The signal fires when the task should stop early. */
  task(stopped: AbortSignal): Promise<void>;
  onError(error: unknown): void;
}

export class Periodic {
  private readonly options: PeriodicOptions;
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private current: Promise<void> = Promise.resolve();

  constructor(options: PeriodicOptions) {
    this.options = options;
  }

  start(): void {
    const { intervalMs, task, onError } = this.options;
    const run = (): void => {
      this.current = this.current.then(() => task(this.stopped.signal)).catch(onError);
    };
    this.timer = setInterval(run, intervalMs);
    this.timer.unref();
    // So that it also happens on a server that restarts every few minutes.
    run();
  }

  /** Resolves when the current task has ended. */
  async stop(): Promise<void> {
    this.stopped.abort();
    if (this.timer !== null) clearInterval(this.timer);
    await this.current;
  }
}
