/**
 * Slows down who guesses passwords: ten wrong ones a minute for a name or an
 * address. An attempt takes its place before it is checked, so that many at
 * once gain nothing, and gives it back when the password was right.
 */
import { isIPv6 } from 'node:net';
import { TooManyRequests } from '@ved/core/contract';

const WINDOW_MS = 60_000;
const MAX_WRONG = 10;
/** Bounds the memory; beyond it the keys that were quiet longest are forgotten. */
const MAX_KEYS = 20_000;

/** A place taken by one attempt. */
export interface Attempt {
  /** The password was right: the attempt does not count. */
  succeeded(): void;
}

export class LoginThrottle {
  /** Times of the counted attempts by key, oldest first; the keys in the order of their last attempt. */
  readonly #attempts = new Map<string, number[]>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Takes a place. Throws TooManyRequests (`auth/throttled`) when the name or the address has none left. */
  begin(username: string, address: string): Attempt {
    const at = this.now();
    const keys = [`name:${username}`, `address:${networkOf(address)}`];
    for (const key of keys) this.#refuseWhenFull(key, at);
    for (const key of keys) this.#add(key, at);
    return {
      succeeded: () => {
        for (const key of keys) this.#remove(key, at);
      },
    };
  }

  #refuseWhenFull(key: string, at: number): void {
    const recent = (this.#attempts.get(key) ?? []).filter((time) => time > at - WINDOW_MS);
    if (recent.length < MAX_WRONG) return;
    const waitSeconds = Math.max(1, Math.ceil((recent[recent.length - MAX_WRONG]! + WINDOW_MS - at) / 1000));
    throw new TooManyRequests('auth/throttled', `Too many wrong passwords. Try again in ${waitSeconds} s.`, {
      headers: { 'Retry-After': String(waitSeconds) },
    });
  }

  #add(key: string, at: number): void {
    const recent = (this.#attempts.get(key) ?? []).filter((time) => time > at - WINDOW_MS);
    this.#attempts.delete(key);
    this.#attempts.set(key, [...recent, at]);
    if (this.#attempts.size > MAX_KEYS) this.#attempts.delete(this.#attempts.keys().next().value!);
  }

  #remove(key: string, at: number): void {
    const times = this.#attempts.get(key);
    const index = times?.indexOf(at) ?? -1;
    if (!times || index < 0) return;
    times.splice(index, 1);
    if (times.length === 0) this.#attempts.delete(key);
  }
}

/** Who holds one IPv6 address holds the /64 around it. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace(/^::ffff:/, '');
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
