/** Turns a name and a password into a user, for the sign-in page and for HTTP Basic alike; both are throttled. */
import { createHmac, randomBytes } from 'node:crypto';
import { Unauthenticated } from '@ved/core/contract';
import type { LoginThrottle } from './login-throttle.ts';
import { verifyPassword } from './password.ts';
import type { SessionData } from './session-store.ts';
import type { UserStore, UserWithCredential } from './users.ts';

/** How long a Basic credential that was right is taken without deriving its key again. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 1_000;

export class SignIn {
  /** Keyed by an HMAC, so that the memory of the process holds no password. */
  readonly #remembered = new Map<string, { readonly passwordVersion: number; readonly untilMs: number }>();
  readonly #key = randomBytes(32);

  constructor(
    private readonly users: UserStore,
    private readonly throttle: LoginThrottle,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Checks a password. Throws Unauthenticated (`auth/wrong-credentials`), or TooManyRequests. */
  async check(username: string, password: string, address: string): Promise<SessionData> {
    const account = await this.throttle.run(username, address, async () => {
      const user = await this.users.find(username);
      const right = await verifyPassword(password, user?.passwordHash ?? null);
      return user && right ? accountOf(user) : null;
    });
    if (!account) throw new Unauthenticated('auth/wrong-credentials', 'The name or the password is wrong.');
    return account;
  }

  /** The account with the roles of now; null when the password that it was found by is no longer the user's. */
  async accountNow(account: SessionData): Promise<SessionData | null> {
    const user = await this.users.find(account.username);
    return user?.id === account.userId && user.passwordVersion === account.passwordVersion ? accountOf(user) : null;
  }

  /**
   * The same for a credential that comes with every request: remembers for a
   * minute that it was right. A new password ends that at once, here and on
   * every other server, as the version in the database is read each time.
   */
  async checkRepeated(username: string, password: string, address: string): Promise<SessionData> {
    const key = createHmac('sha256', this.#key)
      .update(JSON.stringify([username, password]))
      .digest('base64');
    const remembered = this.#remembered.get(key);
    if (remembered && remembered.untilMs > this.now()) {
      const user = await this.users.find(username);
      if (user?.passwordVersion === remembered.passwordVersion) return accountOf(user);
    }
    this.#remembered.delete(key);
    const session = await this.check(username, password, address);
    this.#remembered.set(key, { passwordVersion: session.passwordVersion, untilMs: this.now() + REMEMBER_MS });
    if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
    return session;
  }
}

function accountOf(user: UserWithCredential): SessionData {
  return { userId: user.id, passwordVersion: user.passwordVersion, username: user.username, roles: [...user.roles] };
}
