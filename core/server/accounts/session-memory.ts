/**
 * Caches sessions for a few seconds, so that not every request needs a query.
 * Changes invalidate it immediately: a sign-out in this process calls `forget`; a
 * new password or role in any process changes the stamp.
 */
import type { AccountStamp } from './account-stamp.ts';

/** How long a manual edit of the tables can go unnoticed; ved's own changes are noticed immediately. */
const REMEMBER_MS = 3_000;
const MAX_REMEMBERED = 1_000;

interface Remembered<T> {
  readonly value: T;
  readonly untilMs: number;
  readonly stamp: number;
}

export class SessionMemory<T> {
  private readonly remembered = new Map<string, Remembered<T>>();
  /** Counts calls of `forget`, so that a lookup started before one is not cached. */
  private forgotten = 0;

  constructor(
    private readonly stamp: Pick<AccountStamp, 'read'>,
    /** Monotonic, so that setting the clock back does not keep entries longer. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The cached session, else what `look` finds; null is not cached. */
  async recall(id: string, look: () => Promise<T | null>): Promise<T | null> {
    const stamp = this.stamp.read();
    const known = this.remembered.get(id);
    if (known && known.stamp === stamp && known.untilMs > this.now()) return known.value;
    const forgotten = this.forgotten;
    const value = await look();
    if (value === null || forgotten !== this.forgotten) this.remembered.delete(id);
    else this.keep(id, { value, stamp, untilMs: this.now() + REMEMBER_MS });
    return value;
  }

  /** Clears the cache. Call it after a session was changed in the database (which is rare), before reporting success. */
  forget(): void {
    this.forgotten++;
    this.remembered.clear();
  }

  private keep(id: string, entry: Remembered<T>): void {
    this.remembered.delete(id);
    this.remembered.set(id, entry);
    if (this.remembered.size > MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!);
  }
}
