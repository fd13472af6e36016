/**
 * Serves the built page: hashed assets for ever, everything else revalidated,
 * `index.html` for every path that the page itself routes.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { NotFound } from '@ved/core/contract';
import type { Context } from 'koa';
import sirv from 'sirv';

const NOT_BUILT = 'The page of ved is not built yet. Build it with: npm run build\n';

type Serve = (ctx: Context) => Promise<void>;

/** Serves the page in `dir`; says how to build it while it is not there. Files are looked up anew each time, so a rebuilt page is served at once. */
export function servePage(dir: string): Serve {
  const policy = policyOf(join(dir, 'index.html'));
  // `dev` is sirv's word for looking files up at each request.
  const files = sirv(dir, { dev: true, brotli: true, gzip: true, etag: true, extensions: [], setHeaders: cacheBy });
  return async (ctx) => {
    ctx.state.route = 'page';
    const current = policy();
    if (current === null) return sayNotBuilt(ctx);
    ctx.set('Content-Security-Policy', current);
    if (await send(files, ctx, ctx.req)) return;
    if (!isPagePath(ctx)) throw new NotFound('request/unknown-path', `There is nothing at ${ctx.path}.`);
    await send(files, ctx, Object.create(ctx.req, { url: { value: '/index.html' } }));
  };
}

/** A file that is missing must not be taken for the page, unless a person typed its name. */
function isPagePath(ctx: Context): boolean {
  if (ctx.path.startsWith('/assets/')) return false;
  return !/\.\w+$/.test(ctx.path) || ctx.get('Accept').includes('text/html');
}

function sayNotBuilt(ctx: Context): void {
  ctx.status = 503;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = NOT_BUILT;
}

/** Names under /assets/ change with their content. */
function cacheBy(res: ServerResponse, path: string): void {
  res.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Lets sirv answer; false when it has no such file. */
function send(files: ReturnType<typeof sirv>, ctx: Context, req: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = () => {
      ctx.respond = false;
      resolve(true);
    };
    ctx.res.once('close', sent).once('finish', sent);
    files(req, ctx.res, () => {
      ctx.res.off('close', sent).off('finish', sent);
      resolve(false);
    });
  });
}

/** The policy of an `index.html`, read again when the file changed; null while there is none. */
function policyOf(file: string): () => string | null {
  let policy = '';
  let readAtMs = -1;
  return () => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats) return null;
    if (stats.mtimeMs !== readAtMs) {
      policy = pagePolicy(readFileSync(file, 'utf8'));
      readAtMs = stats.mtimeMs;
    }
    return policy;
  };
}

/**
 * The page's policy. Scripts come from here only, besides the inline ones that
 * the page was built with (its import map), by their hashes. WebAssembly is for
 * Ruff; inline styles for Lumino and Monaco.
 */
function pagePolicy(html: string): string {
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
    // Files of runs, which come with an origin of their own; what is in the frame cannot take it elsewhere.
    "frame-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
