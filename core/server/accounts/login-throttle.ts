/**
 * Slows down who guesses passwords: ten wrong ones a minute for a name or an
 * address. Never are more checked at once than may still be wrong, so that
 * guessing side by side gains nothing; who would be one too many waits, so that
 * many people who sign in at once from one address all get in.
 */
import { isIPv6 } from 'node:net';
import { TooManyRequests } from '@ved/core/contract';

const WINDOW_MS = 60_000;
const MAX_WRONG = 10;
/** Bounds the memory; beyond it the keys that were quiet longest are forgotten. */
const MAX_KEYS = 20_000;

/** What is known of a name or an address. */
interface Tally {
  /** Times of the wrong passwords, oldest first. */
  wrong: number[];
  checking: number;
  /** Called whenever a check ends. */
  readonly waiting: (() => void)[];
}

export class LoginThrottle {
  /** In the order of their last attempt. */
  readonly #tallies = new Map<string, Tally>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Runs a check that yields null for a wrong password. Throws TooManyRequests (`auth/throttled`) without running it when there were too many. */
  async run<T>(username: string, address: string, check: () => Promise<T | null>): Promise<T | null> {
    const keys = [`name:${username}`, `address:${networkOf(address)}`];
    const tallies = await this.#enter(keys);
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

  /** Takes a place under every key at once; waits for one while others are checked. */
  async #enter(keys: readonly string[]): Promise<Tally[]> {
    for (;;) {
      const tallies = keys.map((key) => this.#touch(key));
      for (const tally of tallies) this.#refuseWhenFull(tally);
      const full = tallies.find((tally) => tally.wrong.length + tally.checking >= MAX_WRONG);
      if (!full) {
        for (const tally of tallies) tally.checking++;
        return tallies;
      }
      await new Promise<void>((resolve) => full.waiting.push(resolve));
    }
  }

  #touch(key: string): Tally {
    const tally = this.#tallies.get(key) ?? { wrong: [], checking: 0, waiting: [] };
    tally.wrong = tally.wrong.filter((time) => time > this.now() - WINDOW_MS);
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    if (this.#tallies.size > MAX_KEYS) this.#forgetOldest();
    return tally;
  }

  #forgetOldest(): void {
    for (const [key, tally] of this.#tallies) {
      if (tally.checking > 0 || tally.waiting.length > 0) continue;
      this.#tallies.delete(key);
      return;
    }
  }

  #refuseWhenFull({ wrong }: Tally): void {
    if (wrong.length < MAX_WRONG) return;
    const waitSeconds = Math.max(1, Math.ceil((wrong[wrong.length - MAX_WRONG]! + WINDOW_MS - this.now()) / 1000));
    throw new TooManyRequests('auth/throttled', `Too many wrong passwords. Try again in ${waitSeconds} s.`, {
      headers: { 'Retry-After': String(waitSeconds) },
    });
  }
}

/** Who holds one IPv6 address holds the /64 around it. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace(/^::ffff:/, '');
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
