/**
 * Serves the built page: hashed assets for ever, everything else revalidated,
 * `index.html` for every path that the page itself routes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { NotFound } from '@ved/core/contract';
import type { Context } from 'koa';
import sirv from 'sirv';

const NOT_BUILT = 'The page of ved is not built yet. Build it with: npm run build\n';

type Serve = (ctx: Context) => Promise<void>;

/** Serves the page in `dir`; says how to build it while it is not there. */
export function servePage(dir: string): Serve {
  let serve: Serve | null = null;
  return async (ctx) => {
    serve ??= existsSync(join(dir, 'index.html')) ? serveBuilt(dir) : null;
    if (serve) return serve(ctx);
    ctx.status = 503;
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = NOT_BUILT;
  };
}

function serveBuilt(dir: string): Serve {
  const policy = pagePolicy(readFileSync(join(dir, 'index.html'), 'utf8'));
  const files = sirv(dir, {
    brotli: true,
    gzip: true,
    etag: true,
    extensions: [],
    setHeaders: (res, path) => {
      res.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return async (ctx) => {
    ctx.state.route = 'page';
    const inertPolicy = ctx.response.get('Content-Security-Policy');
    // Before sirv answers: a 304 must carry the page's policy too, for a browser takes its headers for the page that it kept.
    ctx.set('Content-Security-Policy', policy);
    if (await send(files, ctx, ctx.req)) return;
    if (/^\/assets\/|\.\w+$/.test(ctx.path)) {
      ctx.set('Content-Security-Policy', inertPolicy);
      throw new NotFound('request/unknown-path', `There is nothing at ${ctx.path}.`);
    }
    const index = Object.create(ctx.req, {
      url: { value: '/index.html' },
      _parsedUrl: { value: undefined, writable: true },
    }) as IncomingMessage;
    await send(files, ctx, index);
  };
}

/** Lets sirv answer; false when it has no such file. */
function send(files: ReturnType<typeof sirv>, ctx: Context, req: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = () => {
      ctx.respond = false;
      resolve(true);
    };
    ctx.res.once('close', sent).once('finish', sent);
    ctx.res.statusCode = 200;
    files(req, ctx.res as ServerResponse, () => {
      ctx.res.off('close', sent).off('finish', sent);
      ctx.res.statusCode = 404;
      resolve(false);
    });
  });
}

/**
 * The page's policy. Scripts come from here only, besides the inline ones that
 * the page was built with (its import map), by their hashes. WebAssembly is for
 * Ruff; inline styles for Lumino and Monaco.
 */
export function pagePolicy(html: string): string {
  const hashes = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)]
    .filter(([, attributes = '', text = '']) => !/\bsrc\s*=/i.test(attributes) && text !== '')
    .map(([, , text = '']) => `'sha256-${createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('base64')}'`);
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
