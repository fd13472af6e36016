/**
 * Checks access to a route or mount: before the handler runs, and again from time
 * to time during a long response.
 */
import type { ServerResponse } from 'node:http';
import { Forbidden, type RouteDefinition, Unauthenticated } from '@ved/core/contract';
import type { Logger } from 'pino';
import type { Authenticated } from '../accounts/authentication.ts';

type Access = RouteDefinition['access'];
type Account = Authenticated['account'];

/** How long a response in progress may miss a sign-out, a new password or a lost role. A check takes a few microseconds. */
const RECHECK_MS = 1_000;
/** How long a response may take to end cleanly once access is lost; one that nobody reads never would. */
const END_LIMIT_MS = 1_000;

/** Throws Unauthenticated or Forbidden when the session does not have `access`. */
export function authorise(access: Access, { account }: Pick<Authenticated, 'account'>): void {
  if (access === 'public') return;
  if (!account) throw new Unauthenticated('auth/not-signed-in', 'Sign in first.');
  if (!allows(access, account)) {
    throw new Forbidden('auth/role-missing', `This requires the role ${access}, which ${account.username} does not have.`);
  }
}

interface WatchOptions {
  /** Ends the response cleanly; without it, the response is cut off. */
  readonly onLost?: () => void;
  readonly log: Logger;
}

/** Ends a response once its session is over or lacks the role. When this cannot be checked, access counts as lost. */
export function watchAccess(res: ServerResponse, access: Access, authenticated: Authenticated, { onLost, log }: WatchOptions): void {
  if (access === 'public') return;
  // Node warns about eleven listeners; log, metrics, timers and the stream add a few more, which end with the response.
  res.setMaxListeners(20);
  let asking = false;
  const watch = setInterval(async () => {
    if (asking) return;
    asking = true;
    const account = await authenticated.accountNow().catch((error) => {
      log.error({ err: error }, 'could not check whether a session is still valid; its response is cut off');
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
