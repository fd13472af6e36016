/**
 * Refuses requests that another site makes a browser send, in addition to
 * `SameSite=Lax`. A request without any origin headers did not come from a modern
 * browser and is accepted, unless it is of a kind that an old browser sends
 * without a preflight: a form, with or without fields, or the ping of a link.
 */
import { isIP } from 'node:net';
import { Forbidden } from '@ved/core/contract';
import type { Context, Middleware } from 'koa';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Content types that HTML can send without a script; an empty form has one too. */
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

/** Whether an origin has the request's host. The scheme is not compared, since a proxy may terminate TLS without saying so. */
function isOwnOrigin(origin: string, host: string): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: claimed } = new URL(origin);
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === claimed;
}

/** In lower case, without parameters. (Koa's `type` drops what it cannot parse, which a browser may still send.) */
function mediaTypeOf(ctx: Context): string {
  return ctx.get('Content-Type').split(/[;,]/, 1)[0]!.trim().toLowerCase();
}

function form(): Forbidden {
  return new Forbidden(
    'request/cross-origin',
    'A form without an origin is refused. In a program, send JSON, or omit the Content-Type when there is no body.',
  );
}

function crossOrigin(): Forbidden {
  return new Forbidden('request/cross-origin', 'This request came from another site and was refused.');
}

/**
 * On loopback, accepts only host names of this machine. Otherwise any site could
 * point its own name to 127.0.0.1 and then access ved as its own origin (DNS
 * rebinding). Behind a proxy (VED_TRUST_PROXY), the proxy is responsible for names.
 */
export function loopbackNamesOnly(): Middleware {
  return async (ctx, next) => {
    const name = ctx.hostname.replace(/^\[|\]$/g, '');
    if (isIP(name) === 0 && name !== 'localhost' && !name.endsWith('.localhost')) {
      throw new Forbidden(
        'request/unknown-host',
        `This server listens on this machine only and does not accept the host name ${name}. Behind a proxy, set VED_TRUST_PROXY=1.`,
      );
    }
    await next();
  };
}
