/**
 * Identifies the user: by session cookie, else by HTTP Basic (for `git clone` and
 * programs). Stores the result in `ctx.state` and rejects nobody, since each route
 * decides what access it needs.
 */
import { Credentials, type Session, Unauthenticated } from '@ved/core/contract';
import type Koa from 'koa';
import type { Context } from 'koa';
import { createSession } from 'koa-session';
import { SESSION_AGE_MS, type SessionData, type SessionStore } from './session-store.ts';
import { type SignIn, visitorOf } from './sign-in.ts';

const COOKIE = 'ved.session';

/** What authentication leaves in `ctx.state`. */
export interface Authenticated {
  /** The signed-in user; null when nobody is signed in. */
  account: SessionData | null;
  /** Looks the account up again, with its current roles; null once the session is over. Called from time to time during a long response. */
  accountNow(): Promise<SessionData | null>;
}

/** `ctx.session` as koa-session creates it with our store; the members of SessionData are missing before sign-in. */
interface CookieSession extends Partial<SessionData> {
  readonly externalKey: string;
  regenerate(): Promise<void>;
}

/**
 * Installs koa-session with the store, and the middleware that fills `ctx.state`.
 * It writes only on sign-in, sign-out and in the second half of a session's life.
 */
export function installAuthentication(app: Koa, store: SessionStore, signIn: SignIn): void {
  const options = { key: COOKIE, maxAge: SESSION_AGE_MS, renew: true, httpOnly: true, sameSite: 'lax', signed: true, store };
  app.use(createSession(options as never, app));
  app.use(async (ctx, next) => {
    const found = fromCookie(ctx, store) ?? (await fromBasic(ctx, signIn));
    const authenticated: Authenticated = found ?? { account: null, accountNow: async () => null };
    Object.assign(ctx.state, authenticated);
    await next();
  });
}

/** The session for routes; without name and roles when nobody is signed in. */
export function sessionOf(account: SessionData | null): Session {
  return account ? { username: account.username, roles: account.roles } : { username: '', roles: [] };
}

/** Starts a session under a new id; the previous id becomes invalid. */
export async function beginSession(ctx: Context, account: SessionData): Promise<void> {
  const session = cookieSession(ctx);
  // koa-session creates a new id for every visitor without a valid session.
  if (session.userId !== undefined) await session.regenerate();
  Object.assign(session, account);
}

/** Continues a session under a new id after a password change, along with responses in progress. Does nothing without a session. */
export async function renewSession(ctx: Context, account: SessionData): Promise<void> {
  const session = cookieSession(ctx);
  if (session.userId === undefined) return;
  ctx.state.continuedSession = session.externalKey;
  await beginSession(ctx, account);
}

/** Ends the cookie's session, here and in the browser. */
export function endSession(ctx: Context): void {
  if (cookieSession(ctx).userId !== undefined) ctx.session = null;
}

function cookieSession(ctx: Context): CookieSession {
  return ctx.session as unknown as CookieSession;
}

function fromCookie(ctx: Context, store: SessionStore): Authenticated | null {
  const { userId, passwordVersion, username, roles, externalKey } = cookieSession(ctx);
  if (userId === undefined || passwordVersion === undefined || username === undefined || roles === undefined) return null;
  return { account: { userId, passwordVersion, username, roles }, accountNow: () => store.getContinued(externalKey) };
}

async function fromBasic(ctx: Context, signIn: SignIn): Promise<Authenticated | null> {
  const match = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(ctx.get('Authorization'));
  if (!match) return null;
  const [username, password] = splitOnce(Buffer.from(match[1]!, 'base64').toString('utf8'));
  const parsed = Credentials.safeParse({ username, password });
  if (!parsed.success) throw new Unauthenticated('auth/wrong-credentials', 'The name or the password is wrong.');
  const account = await signIn.checkRepeated(parsed.data.username, parsed.data.password, visitorOf(ctx));
  return { account, accountNow: () => signIn.accountNow(account) };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
