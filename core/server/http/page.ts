/**
 * Serves the built page: hashed assets are cached forever, everything else is
 * revalidated; `index.html` is sent for every path that the page routes itself.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NotFound } from '@ved/core/contract';
import type { Context } from 'koa';
import { sendPageFile, unreadable } from './page-files.ts';

const NOT_BUILT = 'The ved page is not built yet. Build it with: npm run build\n';

type Serve = (ctx: Context) => Promise<void>;

/** Serves the page in `dir`, or says how to build it. Files are looked up each time, so that a rebuilt page is served immediately. */
export function servePage(dir: string): Serve {
  const policy = policyOf(join(dir, 'index.html'));
  return async (ctx) => {
    ctx.state.route = 'page';
    const current = policy();
    if (current === null) return sayNotBuilt(ctx);
    ctx.set('Content-Security-Policy', current);
    // Names under /assets/ change with their content.
    const isAsset = ctx.path.startsWith('/assets/');
    ctx.set('Cache-Control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (await sendPageFile(dir, ctx.path, ctx)) return;
    if (isAsset) throw new NotFound('page/old-asset', `There is no ${ctx.path}. If ved was updated since you opened the page, reload it.`);
    if (!isPagePath(ctx)) throw new NotFound('request/unknown-path', `There is nothing at ${ctx.path}.`);
    if (!(await sendPageFile(dir, '/index.html', ctx))) sayNotBuilt(ctx);
  };
}

/** The page must not be sent in place of a missing file, unless a person typed its name. */
function isPagePath(ctx: Context): boolean {
  return !/\.\w+$/.test(ctx.path) || ctx.get('Accept').includes('text/html');
}

function sayNotBuilt(ctx: Context): void {
  ctx.status = 503;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = NOT_BUILT;
}

/** The policy of an `index.html`, read again when the file changes; null while there is none. */
function policyOf(file: string): () => string | null {
  let policy: string | null = null;
  let readAtMs = -1;
  return () => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats) return null;
    if (stats.mtimeMs === readAtMs) return policy;
    try {
      policy = pagePolicy(readFileSync(file, 'utf8'));
      readAtMs = stats.mtimeMs;
    } catch (error) {
      // Just removed, or no file can be opened: use the previous policy until the next request.
      if (policy === null && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(error);
    }
    return policy;
  };
}

/**
 * The page's policy. Scripts are allowed from this server only, and inline ones of
 * the build (the import map) by their hashes. WebAssembly is for Ruff, inline
 * styles are for Lumino and Monaco.
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
    // Files of runs, which have an opaque origin; the content of the frame cannot navigate it elsewhere.
    "frame-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
