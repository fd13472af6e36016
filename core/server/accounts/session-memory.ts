/**
 * What was read about sessions in the last seconds, so that a person at work
 * does not cost a query a request. Whatever could change it ends it at once:
 * a sign-out in this process by `forget`, a new password or role in any
 * process by the stamp.
 */
import type { AccountStamp } from './account-stamp.ts';

/** Bounds how long an edit of the tables by hand goes unnoticed; ved's own changes are seen at once. */
const REMEMBER_MS = 3_000;
const MAX_REMEMBERED = 1_000;

interface Remembered<T> {
  readonly value: T;
  readonly untilMs: number;
  readonly stamp: number;
}

export class SessionMemory<T> {
  readonly #remembered = new Map<string, Remembered<T>>();
  /** Counts what was forgotten, so that a lookup under way meanwhile is not kept. */
  #forgotten = 0;

  constructor(
    private readonly stamp: Pick<AccountStamp, 'read'>,
    /** Monotonic: a clock that is set back must not make it remember for longer. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What is remembered of a session, else what `look` finds; null is not remembered. */
  async recall(id: string, look: () => Promise<T | null>): Promise<T | null> {
    const stamp = this.stamp.read();
    const known = this.#remembered.get(id);
    if (known && known.stamp === stamp && known.untilMs > this.now()) return known.value;
    const forgotten = this.#forgotten;
    const value = await look();
    if (value === null || forgotten !== this.#forgotten) this.#remembered.delete(id);
    else this.#keep(id, { value, stamp, untilMs: this.now() + REMEMBER_MS });
    return value;
  }

  /** Forgets all. Call it once a session was changed in the database, before the caller is told; that is rare. */
  forget(): void {
    this.#forgotten++;
    this.#remembered.clear();
  }

  #keep(id: string, entry: Remembered<T>): void {
    this.#remembered.delete(id);
    this.#remembered.set(id, entry);
    if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
  }
}
