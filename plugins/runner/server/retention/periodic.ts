/** Does a thing at once and then again and again, never two at a time, until it is stopped. */

export interface PeriodicOptions {
  readonly intervalMs: number;
  /** Called with a signal that fires when there is no more time for it. */
  task(stopped: AbortSignal): Promise<void>;
  onError(error: unknown): void;
}

export class Periodic {
  readonly #options: PeriodicOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #going: Promise<void> = Promise.resolve();

  constructor(options: PeriodicOptions) {
    this.#options = options;
  }

  start(): void {
    const { intervalMs, task, onError } = this.#options;
    const go = (): void => {
      this.#going = this.#going.then(() => task(this.#stopped.signal)).catch(onError);
    };
    this.#timer = setInterval(go, intervalMs);
    this.#timer.unref();
    // A server that is started anew every few minutes comes to it, too.
    go();
  }

  /** Resolves when what goes on has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#going;
  }
}
