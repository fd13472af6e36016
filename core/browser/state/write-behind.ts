/**
 * Sends the latest value of each key to the server, shortly after it changed.
 * Values that could not be sent, or that the server is too busy for, stay queued
 * and are retried unless there is a newer one; values that the server refuses are
 * dropped and reported one by one.
 */
import { ApiError, ServerUnreachable } from '../client/api-error.ts';

/** Changes come in bursts (dragging a splitter); one request per burst. */
const QUIET_MS = 400;
const RETRY_MS = 5000;

/** Stores values beyond the page until the server has confirmed them. */
export interface KeptValues<V> {
  read(): ReadonlyMap<string, V>;
  keep(values: ReadonlyMap<string, V>): void;
}

export interface WriteBehindOptions<V> {
  readonly send: (values: ReadonlyMap<string, V>, options: { readonly keepalive: boolean }) => Promise<void>;
  /** Called when the server refused values, which are then lost. */
  readonly onRefused: (error: unknown) => void;
  /** Values that an earlier page left there are sent first. */
  readonly kept?: KeptValues<V>;
}

export class WriteBehind<V> {
  private queued: Map<string, V>;
  private readonly inFlight = new Set<ReadonlyMap<string, V>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending = false;

  constructor(private readonly options: WriteBehindOptions<V>) {
    this.queued = new Map(options.kept?.read());
    if (this.queued.size > 0) this.schedule(QUIET_MS);
  }

  /** Values that the server has not confirmed yet. */
  get unconfirmed(): ReadonlyMap<string, V> {
    return new Map([...[...this.inFlight].flatMap((batch) => [...batch]), ...this.queued]);
  }

  set(key: string, value: V): void {
    this.queued.set(key, value);
    this.options.kept?.keep(this.unconfirmed);
    this.schedule(QUIET_MS);
  }

  /** Sends what is queued now. With `keepalive` the request outlives the page. */
  async flush(keepalive = false): Promise<void> {
    clearTimeout(this.timer);
    if (this.queued.size === 0 || (this.sending && !keepalive)) return;
    const batch = this.queued;
    this.queued = new Map();
    this.inFlight.add(batch);
    this.sending = true;
    let waitMs = RETRY_MS;
    try {
      await this.options.send(batch, { keepalive });
    } catch (error) {
      if (isTemporary(error)) this.putBack(batch);
      else if (batch.size === 1) this.options.onRefused(error);
      else await this.sendEach(batch, keepalive);
      if (error instanceof ApiError) waitMs = Math.max(waitMs, (error.retryAfterSeconds ?? 0) * 1000);
    } finally {
      this.inFlight.delete(batch);
      this.options.kept?.keep(this.unconfirmed);
      this.sending = false;
      if (this.queued.size > 0) this.schedule(waitMs);
    }
  }

  /** Sends values one by one, after one of them made the server refuse the batch. */
  private async sendEach(batch: ReadonlyMap<string, V>, keepalive: boolean): Promise<void> {
    for (const entry of batch) {
      const alone = new Map([entry]);
      await this.options.send(alone, { keepalive }).catch((error: unknown) => {
        if (isTemporary(error)) this.putBack(alone);
        else this.options.onRefused(error);
      });
    }
  }

  private putBack(batch: ReadonlyMap<string, V>): void {
    this.queued = new Map([...batch, ...this.queued]);
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delayMs);
  }
}

/** Whether a retry may succeed. */
function isTemporary(error: unknown): boolean {
  return error instanceof ServerUnreachable || (error instanceof ApiError && (error.status === 429 || error.status === 503));
}
