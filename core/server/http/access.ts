/**
 * Who may have what a route or a mount answers: asked before it begins, and
 * again from time to time while a long answer goes out, whatever its traffic.
 */
import type { ServerResponse } from 'node:http';
import { Forbidden, type RouteDefinition, Unauthenticated } from '@ved/core/contract';
import type { Logger } from 'pino';
import type { Authenticated } from '../accounts/authentication.ts';

type Access = RouteDefinition['access'];
type Account = Authenticated['account'];

/** How long a sign-out, a new password or a lost role may go unnoticed by an answer under way. A look costs some microseconds. */
const RECHECK_MS = 1_000;
/** How long an answer may take to end in order once its right is lost; one that nobody reads never would. */
const END_LIMIT_MS = 1_000;

/** Throws Unauthenticated or Forbidden when the session may not use what asks for `access`. */
export function authorise(access: Access, { account }: Pick<Authenticated, 'account'>): void {
  if (access === 'public') return;
  if (!account) throw new Unauthenticated('auth/not-signed-in', 'Sign in first.');
  if (!allows(access, account)) {
    throw new Forbidden('auth/role-missing', `This needs the role ${access}, which ${account.username} does not have.`);
  }
}

interface WatchOptions {
  /** Ends the answer in order; cut off at once when left out. */
  readonly onLost?: () => void;
  readonly log: Logger;
}

/** Ends an answer once its session is over or lacks the role. When that cannot be found out, the right counts as lost. */
export function watchAccess(res: ServerResponse, access: Access, authenticated: Authenticated, { onLost, log }: WatchOptions): void {
  if (access === 'public') return;
  // Node warns of eleven listeners; log, metrics, timers and the stream's own are a few more, and end with the answer.
  res.setMaxListeners(20);
  let asking = false;
  const watch = setInterval(async () => {
    if (asking) return;
    asking = true;
    const account = await authenticated.accountNow().catch((error) => {
      log.error({ err: error }, 'whether a session goes on could not be found out; what it was being sent is cut off');
      return null;
    });
    asking = false;
    if (allows(access, account) || res.destroyed) return;
    clearInterval(watch);
    if (!onLost) return void res.destroy();
    onLost();
    const limit = setTimeout(() => res.destroy(), END_LIMIT_MS);
    res.once('close', () => clearTimeout(limit));
  }, RECHECK_MS);
  watch.unref();
  res.once('close', () => clearInterval(watch));
}

function allows(access: Access, account: Account): boolean {
  return account !== null && (access === 'public' || access === 'any' || account.roles.includes(access));
}
