/**
 * A pool of things that take long to create and are used once: containers, child
 * processes. Keeps some ready; taking one never waits for the pool to be refilled. The
 * rest is discarded when it closes.
 */
import type { CancelSignal } from '../../contract/engine.ts';
import { unlessAborted } from '../unless-aborted.ts';

export interface WarmPoolOptions<T> {
  /** How many are kept ready. 0 creates each on demand. */
  readonly size: number;
  /** How many are kept ready after `IDLE_AFTER_MS` without use; `size` by default. */
  readonly idleSize?: number;
  /** Creates one and resolves when it is ready for use. */
  make(): Promise<T>;
  /** Removes it completely. Must not reject. */
  discard(item: T): Promise<void>;
  /** Whether a ready one is still usable. */
  isAlive(item: T): boolean;
  /** Whether creating more would slow down something in progress; then refilling is delayed, unless none is ready. */
  isBusy?(): boolean;
  /** Called when creating one ahead failed; it is retried automatically. */
  onFailure(error: unknown): void;
}

/** After this long without use, items beyond `idleSize` are discarded. */
const IDLE_AFTER_MS = 60_000;
/** Used items are discarded and replaced this long after the last run ended: both compete for processors with running runs and with storing their outcome. */
const QUIET_MS = 250;
/** The longest delay, if it never becomes quiet. */
const LONGEST_QUIET_WAIT_MS = 5000;
/** The delay when none is ready: enough to send the response to the previous caller. */
const EMPTY_WAIT_MS = 50;
/** Between failed attempts to create one ahead. Doubles up to the longest. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export class WarmPool<T> {
  private readonly options: WarmPoolOptions<T>;
  private readonly ready: T[] = [];
  /** Items being created, until claimed. */
  private readonly unclaimed: Promise<T>[] = [];
  /** Settle when items whose callers gave up are created. */
  private readonly handedOn = new Set<Promise<void>>();
  private filling: Promise<void> | null = null;
  private retryMs = FIRST_RETRY_MS;
  private retry: NodeJS.Timeout | null = null;
  private idle: NodeJS.Timeout | null = null;
  private busy = false;
  /** Used, and not discarded yet. */
  private readonly used: T[] = [];
  private refillTimer: NodeJS.Timeout | null = null;
  private refillBy = 0;
  private readonly discarding = new Set<Promise<void>>();
  private closed = false;

  constructor(options: WarmPoolOptions<T>) {
    this.options = options;
  }

  /** The number of ready items. */
  get readyCount(): number {
    return this.ready.length;
  }

  /**
   * A ready item, else the one being created, else a new one. The caller must discard it. Rejects if `make` does, or when
   * the signal fires; then the next caller gets the item.
   */
  async take(signal?: CancelSignal): Promise<T> {
    this.becomeBusy();
    for (let item = this.ready.shift(); item !== undefined; item = this.ready.shift()) {
      if (this.options.isAlive(item)) return item;
      this.discard(item);
    }
    const making = this.unclaimed.shift() ?? this.options.make();
    if (!signal) return making;
    return unlessAborted(making, signal, () => {
      this.handOn(making);
      return new Error('The caller stopped waiting.');
    });
  }

  /** Leaves an item being created to the next caller. */
  private handOn(making: Promise<T>): void {
    this.unclaimed.push(making);
    const arrived: Promise<void> = making
      .then(
        (item) => {
          if (this.takeBack(making)) this.add(item);
        },
        (error) => {
          if (this.takeBack(making)) this.options.onFailure(error);
        },
      )
      .finally(() => this.handedOn.delete(arrived));
    this.handedOn.add(arrived);
  }

  /** Removes an unclaimed item; false if it has been claimed. */
  private takeBack(making: Promise<T>): boolean {
    const at = this.unclaimed.indexOf(making);
    if (at >= 0) this.unclaimed.splice(at, 1);
    return at >= 0;
  }

  /** Adds a ready item that was created elsewhere. */
  add(item: T): void {
    if (this.closed || this.ready.length >= this.wanted) this.discard(item);
    else this.ready.push(item);
  }

  /** Returns a used item, to be discarded and replaced once it is quiet. */
  retire(item: T): void {
    if (this.closed) {
      this.discard(item);
      return;
    }
    this.used.push(item);
    this.refill();
  }

  /** Refills the pool once it is quiet. */
  refill(): void {
    if (this.closed) return;
    const now = performance.now();
    if (this.refillTimer) clearTimeout(this.refillTimer);
    else this.refillBy = now + LONGEST_QUIET_WAIT_MS;
    const waitMs = Math.min(this.ready.length === 0 ? EMPTY_WAIT_MS : QUIET_MS, this.refillBy - now);
    this.refillTimer = setTimeout(() => this.refillWhenQuiet(), waitMs);
  }

  private refillWhenQuiet(): void {
    if (this.mayWait && performance.now() < this.refillBy) this.refill();
    else this.replaceUsed();
  }

  /** Whether refilling can wait: an item is ready, and creating more would slow something down. */
  private get mayWait(): boolean {
    return this.ready.length > 0 && this.options.isBusy?.() === true;
  }

  /** Discards an item in the background. */
  discard(item: T): void {
    const done: Promise<void> = this.options.discard(item).finally(() => this.discarding.delete(done));
    this.discarding.add(done);
  }

  /** Creates missing items one after another. Resolves when the pool is full or creating one failed. */
  fill(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.filling ??= this.fillNow().finally(() => {
      this.filling = null;
    });
    return this.filling;
  }

  /** Discards ready items and those being created, and waits until everything is discarded. */
  async close(): Promise<void> {
    this.closed = true;
    for (const timer of [this.retry, this.idle]) if (timer) clearTimeout(timer);
    this.replaceUsed();
    await this.filling;
    await Promise.all(this.handedOn);
    for (const item of this.ready.splice(0)) this.discard(item);
    await Promise.all(this.discarding);
  }

  private get wanted(): number {
    const { size, idleSize = size } = this.options;
    return this.busy ? size : Math.min(size, idleSize);
  }

  private replaceUsed(): void {
    if (this.refillTimer) clearTimeout(this.refillTimer);
    this.refillTimer = null;
    for (const item of this.used.splice(0)) this.discard(item);
    void this.fill();
  }

  private becomeBusy(): void {
    this.busy = true;
    if (this.idle) this.idle.refresh();
    else this.idle = setTimeout(() => this.becomeIdle(), IDLE_AFTER_MS).unref();
  }

  private becomeIdle(): void {
    this.busy = false;
    for (const item of this.ready.splice(this.wanted)) this.discard(item);
  }

  private async fillNow(): Promise<void> {
    this.dropDead();
    while (!this.closed && this.ready.length < this.wanted) {
      const making = this.options.make();
      this.unclaimed.push(making);
      try {
        const item = await making;
        this.retryMs = FIRST_RETRY_MS;
        if (this.takeBack(making)) this.add(item);
      } catch (error) {
        this.takeBack(making);
        this.failed(error);
        return;
      }
    }
  }

  private dropDead(): void {
    const dead = this.ready.filter((item) => !this.options.isAlive(item));
    for (const item of dead) {
      this.ready.splice(this.ready.indexOf(item), 1);
      this.discard(item);
    }
  }

  private failed(error: unknown): void {
    if (this.closed) return;
    this.options.onFailure(error);
    if (this.retry) clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.fill(), this.retryMs);
    this.retry.unref();
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }
}
