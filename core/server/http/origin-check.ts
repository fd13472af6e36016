/**
 * Refuses what another site makes a browser send. Comes on top of
 * `SameSite=Lax`. A request that no browser sent carries none of the headers
 * that tell where it comes from and is let through, unless it is what a browser
 * that sends none can be made to send without a script's preflight: a form,
 * with or without fields, or the ping of a link.
 */
import { isIP } from 'node:net';
import { Forbidden } from '@ved/core/contract';
import type { Context, Middleware } from 'koa';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** What HTML alone can send; an empty form has its type too. */
const FORM_TYPES: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', 'text/ping']);

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
  if (origin !== '' || site !== '') return;
  const referer = ctx.get('Referer');
  if (referer !== '' && !isOwnOrigin(referer, ctx.host)) throw crossOrigin();
  if (FORM_TYPES.has(mediaTypeOf(ctx))) throw form();
}

/** Whether an origin names the host that was asked. Its scheme is taken as it is: a proxy that says nothing may end TLS. */
function isOwnOrigin(origin: string, host: string): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: claimed } = new URL(origin);
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === claimed;
}

/** In lower case, without parameters. (Koa's `type` leaves out what it cannot parse, which a browser may send all the same.) */
function mediaTypeOf(ctx: Context): string {
  return ctx.get('Content-Type').split(/[;,]/, 1)[0]!.trim().toLowerCase();
}

function form(): Forbidden {
  return new Forbidden(
    'request/cross-origin',
    'A form that does not say where it comes from is refused. From a program, send JSON, or leave out the Content-Type when there is no body.',
  );
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
