/**
 * Slows down password guessing: ten wrong passwords per minute for a name or an
 * address. No more are checked in parallel than may still be wrong, so that
 * guessing in parallel gains nothing; further ones wait, so that many people can
 * sign in at the same time from one address.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { TooManyRequests } from '@ved/core/contract';
import { networkOf } from '../network-of.ts';

const WINDOW_MS = 60_000;
const MAX_WRONG = 10;
/**
 * Names and addresses are counted in this many slots each, by a keyed hash. That
 * limits memory, and invented names cannot make the throttle forget others. Two
 * users rarely share a slot, and it only matters when one of them mistypes.
 */
const SLOTS = 65_536;

/** The counts of a slot. */
interface Tally {
  /** Times of the wrong passwords, oldest first. */
  wrong: number[];
  checking: number;
  /** Called whenever a check ends. */
  readonly waiting: (() => void)[];
}

export class LoginThrottle {
  private readonly tallies = new Map<string, Tally>();
  private readonly key = randomBytes(32);
  private sweptAtMs: number;

  /** A monotonic clock: setting the system clock back must not lengthen a wait. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.sweptAtMs = now();
  }

  /** How many slots are in use. */
  get size(): number {
    return this.tallies.size;
  }

  /** Runs a check that yields null for a wrong password. Throws TooManyRequests (`auth/throttled`) without running it when there were too many. */
  async run<T>(username: string, address: string, check: () => Promise<T | null>): Promise<T | null> {
    const tallies = await this.enter([this.slot('address', networkOf(address)), this.slot('name', username)]);
    let result: T | null | undefined;
    try {
      result = await check();
      return result;
    } finally {
      for (const tally of tallies) {
        tally.checking--;
        if (result === null) tally.wrong.push(this.now());
        for (const wake of tally.waiting.splice(0)) wake();
      }
    }
  }

  /** Enters all slots together; waits while others are being checked. A refused check counts nothing. */
  private async enter(slots: readonly string[]): Promise<Tally[]> {
    for (;;) {
      this.sweep();
      const tallies = slots.map((slot) => this.tallies.get(slot) ?? { wrong: [], checking: 0, waiting: [] });
      for (const tally of tallies) {
        this.forgetOld(tally);
        this.refuseWhenFull(tally);
      }
      const full = tallies.find((tally) => tally.wrong.length + tally.checking >= MAX_WRONG);
      if (!full) {
        slots.forEach((slot, index) => void this.tallies.set(slot, tallies[index]!));
        for (const tally of tallies) tally.checking++;
        return tallies;
      }
      await new Promise<void>((resolve) => full.waiting.push(resolve));
    }
  }

  private slot(kind: 'name' | 'address', value: string): string {
    const hash = createHmac('sha256', this.key).update(value).digest();
    return `${kind}:${hash.readUInt32LE() % SLOTS}`;
  }

  private forgetOld(tally: Tally): void {
    tally.wrong = tally.wrong.filter((time) => time > this.now() - WINDOW_MS);
  }

  /** Removes empty slots, once per window. */
  private sweep(): void {
    if (this.now() - this.sweptAtMs < WINDOW_MS) return;
    this.sweptAtMs = this.now();
    for (const [slot, tally] of this.tallies) {
      this.forgetOld(tally);
      if (tally.wrong.length === 0 && tally.checking === 0 && tally.waiting.length === 0) this.tallies.delete(slot);
    }
  }

  private refuseWhenFull({ wrong }: Tally): void {
    if (wrong.length < MAX_WRONG) return;
    const waitSeconds = Math.max(1, Math.ceil((wrong[wrong.length - MAX_WRONG]! + WINDOW_MS - this.now()) / 1000));
    throw new TooManyRequests('auth/throttled', `Too many wrong passwords. Try again in ${waitSeconds} s.`, {
      headers: { 'Retry-After': String(waitSeconds) },
    });
  }
}
