/**
 * Finds and sends files of the built page. A file is opened before the response
 * starts and sent from its descriptor, so that a build can replace it in the
 * meantime; a failed read cuts off that one response. Compressed variants (`.br`,
 * `.gz`) are next to a file.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Unavailable } from '@ved/core/contract';
import type { Context } from 'koa';
import { byteRange } from './byte-range.ts';

interface FoundFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** The `Content-Encoding`; null for the file itself. */
  readonly encoding: 'br' | 'gzip' | null;
}

const PACKED = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/** Error codes for a missing file. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EISDIR']);
/** Out of descriptors or memory, which is temporary. */
const EXHAUSTED: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * Sends a file below `dir`; false when it does not exist. Writes the response
 * itself, bypassing Koa, so that a truncated response can be cut off. Throws
 * Unavailable (`page/busy`) while no file can be opened.
 */
export async function sendPageFile(dir: string, path: string, ctx: Context): Promise<boolean> {
  const name = fileName(dir, path);
  const file = name === null ? null : await findFile(name, ctx);
  if (!file || name === null) return false;
  try {
    await answer(ctx, name, file);
  } finally {
    await file.handle.close();
  }
  return true;
}

/** The absolute path of the file for a URL path; null when it is outside `dir`, hidden or invalid. */
function fileName(dir: string, path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.endsWith('/') || /[\\/]\./.test(decoded)) return null;
  const name = normalize(join(dir, decoded));
  return name.startsWith(dir.endsWith(sep) ? dir : dir + sep) ? name : null;
}

/** The best variant that the client accepts. */
async function findFile(name: string, ctx: Context): Promise<FoundFile | null> {
  for (const { encoding, suffix } of PACKED) {
    if (ctx.acceptsEncodings(encoding, 'identity') !== encoding) continue;
    const found = await openFile(name + suffix, encoding);
    if (found) return found;
  }
  return openFile(name, null);
}

async function openFile(name: string, encoding: FoundFile['encoding']): Promise<FoundFile | null> {
  let handle: FileHandle | null = null;
  try {
    // Opening a pipe, for example, must not block.
    handle = await open(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, sizeBytes: stats.size, modifiedAtMs: stats.mtimeMs, encoding };
    await handle.close();
    return null;
  } catch (error) {
    await handle?.close();
    const { code } = error as NodeJS.ErrnoException;
    if (ABSENT.has(code)) return null;
    throw unreadable(error);
  }
}

/** The error when a file cannot be opened: Unavailable while none can be, else the error itself. */
export function unreadable(error: unknown): unknown {
  if (!EXHAUSTED.has((error as NodeJS.ErrnoException).code)) return error;
  const detail = 'The server cannot open more files at the moment. Try again in a few seconds.';
  return new Unavailable('page/busy', detail, { headers: { 'Retry-After': '5' }, cause: error });
}

async function answer(ctx: Context, name: string, file: FoundFile): Promise<void> {
  const { sizeBytes, encoding } = file;
  ctx.status = 200;
  ctx.type = extname(name);
  if (ctx.type === '') ctx.type = 'application/octet-stream';
  ctx.set('Vary', 'Accept-Encoding');
  ctx.set('Accept-Ranges', 'bytes');
  ctx.set('ETag', `W/"${sizeBytes}-${file.modifiedAtMs}${encoding ? `-${encoding}` : ''}"`);
  ctx.set('Last-Modified', new Date(file.modifiedAtMs).toUTCString());
  if (ctx.fresh) {
    ctx.status = 304;
    ctx.body = null;
    return;
  }
  if (encoding) ctx.set('Content-Encoding', encoding);
  // With `If-Range` the whole file is sent: these tags are weak, so they cannot prove that it is unchanged.
  const range = ctx.get('If-Range') === '' ? byteRange(ctx.req.headers.range, sizeBytes) : null;
  if (range === 'unsatisfiable') {
    ctx.remove('Content-Encoding');
    ctx.status = 416;
    ctx.set('Content-Range', `bytes */${sizeBytes}`);
    ctx.body = '';
    return;
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  if (range) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${start}-${end}/${sizeBytes}`);
  }
  ctx.length = end - start + 1;
  if (ctx.method === 'HEAD' || end < start) {
    ctx.res.flushHeaders();
    ctx.res.end();
  } else await sendBytes(ctx, file.handle, start, end);
  ctx.respond = false;
}

/** Sends bytes of an open file. When there are fewer than announced, cuts the connection, since the client would take the next response for the rest. */
async function sendBytes(ctx: Context, handle: FileHandle, start: number, end: number): Promise<void> {
  const { res } = ctx;
  const stream = handle.createReadStream({ start, end, autoClose: false });
  try {
    await pipeline(stream, res, { end: false });
    if (stream.bytesRead === end - start + 1) res.end();
    else res.destroy();
  } catch (error) {
    const isGone = res.destroyed;
    res.destroy();
    if (!isGone) ctx.app.emit('error', error, ctx);
  }
}
