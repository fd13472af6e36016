/**
 * Owns things that take long to make and are used once: containers, child
 * processes. Keeps some ready; whoever takes one never waits for another to be
 * made for the pool. What it holds is discarded when it closes.
 */
import type { CancelSignal } from '../../contract/engine.ts';
import { unlessAborted } from '../unless-aborted.ts';

export interface WarmPoolOptions<T> {
  /** How many are kept ready. 0 makes each when it is asked for. */
  readonly size: number;
  /** How many are kept ready when none was taken for `IDLE_AFTER_MS`; as many as ever when absent. */
  readonly idleSize?: number;
  /** Makes one and resolves when it is ready for use. */
  make(): Promise<T>;
  /** Leaves nothing of it. Must not reject. */
  discard(item: T): Promise<void>;
  /** Whether one that was ready still is. */
  isAlive(item: T): boolean;
  /** Whether something goes on that the making of others would slow down; while it does, what is missing is made late, unless none is ready. */
  isBusy?(): boolean;
  /** Told when making one ahead failed; the next try comes by itself. */
  onFailure(error: unknown): void;
}

/** After this long without use, what is kept ready beyond `idleSize` is let go. */
const IDLE_AFTER_MS = 60_000;
/** After this long without a run ending, what was used is discarded and replaced: both take the processors from runs that go on, and from keeping their end. */
const QUIET_MS = 250;
/** When it never becomes quiet. */
const LONGEST_QUIET_WAIT_MS = 5000;
/** When none is ready: the answer to whoever waited is on its way by then. */
const EMPTY_WAIT_MS = 50;
/** Between failed tries of making one ahead. Doubles up to the longest. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export class WarmPool<T> {
  readonly #options: WarmPoolOptions<T>;
  readonly #ready: T[] = [];
  /** What is in the making, until someone claims it. */
  readonly #unclaimed: Promise<T>[] = [];
  /** Settle when what was given up by who waited for it is there. */
  readonly #handedOn = new Set<Promise<void>>();
  #filling: Promise<void> | null = null;
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;
  #busy = false;
  /** Used, and not discarded yet. */
  readonly #used: T[] = [];
  #refill: NodeJS.Timeout | null = null;
  #refillBy = 0;
  readonly #discarding = new Set<Promise<void>>();
  #closed = false;

  constructor(options: WarmPoolOptions<T>) {
    this.#options = options;
  }

  /** How many are ready now. */
  get readyCount(): number {
    return this.#ready.length;
  }

  /**
   * One that is ready, else the one in the making, else a new one. The caller discards it. Rejects as `make` does, and
   * as soon as the signal fires: who comes next has what was waited for.
   */
  async take(signal?: CancelSignal): Promise<T> {
    this.#becomeBusy();
    for (let item = this.#ready.shift(); item !== undefined; item = this.#ready.shift()) {
      if (this.#options.isAlive(item)) return item;
      this.discard(item);
    }
    const making = this.#unclaimed.shift() ?? this.#options.make();
    if (!signal) return making;
    return unlessAborted(making, signal, () => {
      this.#handOn(making);
      return new Error('It was given up.');
    });
  }

  /** Leaves one in the making to who comes next. */
  #handOn(making: Promise<T>): void {
    this.#unclaimed.push(making);
    const arrived: Promise<void> = making
      .then(
        (item) => {
          if (this.#takeBack(making)) this.add(item);
        },
        (error) => {
          if (this.#takeBack(making)) this.#options.onFailure(error);
        },
      )
      .finally(() => this.#handedOn.delete(arrived));
    this.#handedOn.add(arrived);
  }

  /** Takes one out of what nobody has claimed; false when somebody has. */
  #takeBack(making: Promise<T>): boolean {
    const at = this.#unclaimed.indexOf(making);
    if (at >= 0) this.#unclaimed.splice(at, 1);
    return at >= 0;
  }

  /** Takes in one that is ready and was made elsewhere. */
  add(item: T): void {
    if (this.#closed || this.#ready.length >= this.#wanted) this.discard(item);
    else this.#ready.push(item);
  }

  /** Takes back one that was used, to be discarded and replaced once it is quiet. */
  retire(item: T): void {
    if (this.#closed) {
      this.discard(item);
      return;
    }
    this.#used.push(item);
    this.refill();
  }

  /** Has what is missing made once it is quiet. */
  refill(): void {
    if (this.#closed) return;
    const now = performance.now();
    if (this.#refill) clearTimeout(this.#refill);
    else this.#refillBy = now + LONGEST_QUIET_WAIT_MS;
    const waitMs = Math.min(this.#ready.length === 0 ? EMPTY_WAIT_MS : QUIET_MS, this.#refillBy - now);
    this.#refill = setTimeout(() => this.#refillWhenQuiet(), waitMs);
  }

  #refillWhenQuiet(): void {
    if (this.#mayWait && performance.now() < this.#refillBy) this.refill();
    else this.#replaceUsed();
  }

  /** Whether there is one for who comes next, and something goes on that a new one would slow down. */
  get #mayWait(): boolean {
    return this.#ready.length > 0 && this.#options.isBusy?.() === true;
  }

  /** Discards one that was taken, without being waited for. */
  discard(item: T): void {
    const done: Promise<void> = this.#options.discard(item).finally(() => this.#discarding.delete(done));
    this.#discarding.add(done);
  }

  /** Begins to make what is missing, one after another. Resolves when the pool is full or making one failed. */
  fill(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
  }

  /** Discards what is ready and what is being made ahead, and waits for all that is being discarded. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#retry, this.#idle]) if (timer) clearTimeout(timer);
    this.#replaceUsed();
    await this.#filling;
    await Promise.all(this.#handedOn);
    for (const item of this.#ready.splice(0)) this.discard(item);
    await Promise.all(this.#discarding);
  }

  get #wanted(): number {
    const { size, idleSize = size } = this.#options;
    return this.#busy ? size : Math.min(size, idleSize);
  }

  #replaceUsed(): void {
    if (this.#refill) clearTimeout(this.#refill);
    this.#refill = null;
    for (const item of this.#used.splice(0)) this.discard(item);
    void this.fill();
  }

  #becomeBusy(): void {
    this.#busy = true;
    if (this.#idle) this.#idle.refresh();
    else this.#idle = setTimeout(() => this.#becomeIdle(), IDLE_AFTER_MS).unref();
  }

  #becomeIdle(): void {
    this.#busy = false;
    for (const item of this.#ready.splice(this.#wanted)) this.discard(item);
  }

  async #fill(): Promise<void> {
    this.#dropDead();
    while (!this.#closed && this.#ready.length < this.#wanted) {
      const making = this.#options.make();
      this.#unclaimed.push(making);
      try {
        const item = await making;
        this.#retryMs = FIRST_RETRY_MS;
        if (this.#takeBack(making)) this.add(item);
      } catch (error) {
        this.#takeBack(making);
        this.#failed(error);
        return;
      }
    }
  }

  #dropDead(): void {
    const dead = this.#ready.filter((item) => !this.#options.isAlive(item));
    for (const item of dead) {
      this.#ready.splice(this.#ready.indexOf(item), 1);
      this.discard(item);
    }
  }

  #failed(error: unknown): void {
    if (this.#closed) return;
    this.#options.onFailure(error);
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.fill(), this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}
