/**
 * Refuses what another site makes a browser send. Comes on top of
 * `SameSite=Lax`. A request that no browser sent carries neither header and is
 * let through: no browser sends a state-changing request across sites without
 * `Origin`, and forms, the one thing that older ones sent bare, cannot be JSON.
 */
import { isIP } from 'node:net';
import { Forbidden } from '@ved/core/contract';
import type { Context, Middleware } from 'koa';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** What an HTML form can send without a script. */
const FORM_TYPES: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);

/** Throws Forbidden (`request/cross-origin`) for a state-changing request from elsewhere. */
export function originCheck(): Middleware {
  return async (ctx, next) => {
    if (!SAFE_METHODS.has(ctx.method)) refuseOtherOrigins(ctx as Context);
    await next();
  };
}

function refuseOtherOrigins(ctx: Context): void {
  const origin = ctx.get('Origin');
  const site = ctx.get('Sec-Fetch-Site');
  if (origin !== '' && !isOwnOrigin(origin, ctx.host)) throw crossOrigin();
  if (site !== '' && site !== 'same-origin' && site !== 'none') throw crossOrigin();
  if (origin === '' && site === '' && FORM_TYPES.has(ctx.request.type.toLowerCase()) && ctx.request.length !== 0) throw crossOrigin();
}

/** Whether an origin names the host that was asked. Its scheme is taken as it is: a proxy that says nothing may end TLS. */
function isOwnOrigin(origin: string, host: string): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: claimed } = new URL(origin);
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === claimed;
}

function crossOrigin(): Forbidden {
  return new Forbidden('request/cross-origin', 'This request came from another site and was refused.');
}

/**
 * On loopback, answers only to names that mean this machine. Otherwise a page
 * of any site could have its own name point to 127.0.0.1 and then speak to ved
 * as its own origin. Behind a proxy (VED_TRUST_PROXY) the names are the proxy's.
 */
export function loopbackNamesOnly(): Middleware {
  return async (ctx, next) => {
    const name = ctx.hostname.replace(/^\[|\]$/g, '');
    if (isIP(name) === 0 && name !== 'localhost' && !name.endsWith('.localhost')) {
      throw new Forbidden(
        'request/unknown-host',
        `This server answers on this machine only, and not as ${name}. Behind a proxy, set VED_TRUST_PROXY=1.`,
      );
    }
    await next();
  };
}
