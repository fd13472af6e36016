/** Checks names and passwords for the sign-in page and HTTP Basic; both are throttled. */
import { createHmac, randomBytes } from 'node:crypto';
import { Forbidden, Unauthenticated, Unprocessable } from '@ved/core/contract';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { isPublishedPassword } from './first-users.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { verifyPassword } from './password.ts';
import type { SessionData } from './session-store.ts';
import type { UserStore, UserWithCredential } from './users.ts';

/** How long a valid Basic credential is accepted without deriving its key again. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 1_000;

/** Where a sign-in comes from. */
export interface Visitor {
  readonly address: string;
  /** Whether it comes from the server's own machine. */
  readonly isLocal: boolean;
}

/** The origin of a request, from what earlier middleware stored in it. */
export function visitorOf(ctx: Context): Visitor {
  return { address: ctx.ip, isLocal: ctx.state.isLocal === true };
}

export class SignIn {
  /** Keyed by an HMAC, so that no passwords stay in memory. */
  private readonly remembered = new Map<string, { readonly passwordVersion: number; readonly untilMs: number }>();
  private readonly key = randomBytes(32);

  constructor(
    private readonly users: UserStore,
    private readonly throttle: LoginThrottle,
    private readonly log: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Checks a password. Throws Unauthenticated (`auth/wrong-credentials`),
   * Forbidden (`auth/published-password`), or TooManyRequests.
   */
  async check(username: string, password: string, visitor: Visitor): Promise<SessionData> {
    const account = await this.verify(username, password, visitor);
    if (!account) throw new Unauthenticated('auth/wrong-credentials', 'The name or the password is wrong.');
    this.refusePublished(username, password, visitor);
    return account;
  }

  /** Changes a person's own password; returns the account for sessions from then on. Throws Forbidden (`auth/wrong-password`), Unprocessable, InvalidInput, Conflict, TooManyRequests. */
  async changePassword(username: string, current: string, next: string, visitor: Visitor): Promise<SessionData> {
    const account = await this.verify(username, current, visitor);
    if (!account) throw new Forbidden('auth/wrong-password', 'The current password is wrong. Nothing was changed.');
    if (next === current) throw new Unprocessable('auth/same-password', 'The new password is the same as the current one. Choose another.');
    await this.users.replacePassword(username, account.passwordVersion, next);
    return { ...account, passwordVersion: account.passwordVersion + 1 };
  }

  private async verify(username: string, password: string, { address }: Visitor): Promise<SessionData | null> {
    return this.throttle.run(username, address, async () => {
      const user = await this.users.find(username);
      const right = await verifyPassword(password, user?.passwordHash ?? null);
      if (user && right) return accountOf(user);
      // An unknown name may be a password typed into the wrong field, so it is not logged.
      this.log.warn({ username: user?.username ?? null, address }, 'wrong name or password');
      return null;
    });
  }

  /** The published passwords are for trying ved on one's own machine. */
  private refusePublished(username: string, password: string, { address, isLocal }: Visitor): void {
    if (isLocal || !isPublishedPassword(username, password)) return;
    this.log.warn({ username, address }, 'a published first password was refused; change it with: npm run user -- password NAME');
    throw new Forbidden(
      'auth/published-password',
      `This password is published in ved's README, so it works only on the server's own machine. Change it there first: npm run user -- password ${username}`,
    );
  }

  /** The account with its current roles; null when the password has changed since. */
  async accountNow(account: SessionData): Promise<SessionData | null> {
    const user = await this.users.find(account.username);
    return user?.id === account.userId && user.passwordVersion === account.passwordVersion ? accountOf(user) : null;
  }

  /**
   * The same for a credential that is sent with every request: caches for a minute
   * that it was valid. A new password invalidates it immediately, on every server,
   * because the version in the database is read each time.
   */
  async checkRepeated(username: string, password: string, visitor: Visitor): Promise<SessionData> {
    const key = createHmac('sha256', this.key)
      .update(JSON.stringify([username, password]))
      .digest('base64');
    const remembered = this.remembered.get(key);
    if (remembered && remembered.untilMs > this.now()) {
      const user = await this.users.find(username);
      if (user?.passwordVersion === remembered.passwordVersion) {
        this.refusePublished(username, password, visitor);
        return accountOf(user);
      }
    }
    this.remembered.delete(key);
    const session = await this.check(username, password, visitor);
    this.remembered.set(key, { passwordVersion: session.passwordVersion, untilMs: this.now() + REMEMBER_MS });
    if (this.remembered.size > MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!);
    return session;
  }
}

function accountOf(user: UserWithCredential): SessionData {
  return { userId: user.id, passwordVersion: user.passwordVersion, username: user.username, roles: [...user.roles] };
}
