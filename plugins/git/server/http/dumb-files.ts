/**
 * The dumb protocol: the repository's immutable files, and two lists generated
 * for each request, because nothing keeps `info/refs` up to date on disk. Only
 * paths that git itself would request reach the disk.
 */
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFound } from '@ved/core/contract';
import { hasCode } from '../store/durable-files.ts';
import type { RefStore } from '../store/ref-store.ts';
import type { Context } from './context.ts';

export interface DumbFiles {
  readonly gitDir: string;
  readonly refs: RefStore;
}

const LOOSE = /^objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;
const PACK = /^objects\/pack\/pack-[0-9a-f]{40}\.(pack|idx)$/;

/** Sends a file of the repository. `path` is relative to the repository and comes from the client. Throws NotFound. */
export async function serveDumbFile(ctx: Context, { gitDir, refs }: DumbFiles, path: string): Promise<void> {
  if (path === 'HEAD') return sendText(ctx, 'ref: refs/heads/prod\n');
  if (path === 'info/refs') return sendText(ctx, [...(await refs.list())].map(([name, oid]) => `${oid}\trefs/heads/${name}\n`).join(''));
  if (path === 'objects/info/packs') return sendText(ctx, await listPacks(gitDir));
  if (LOOSE.test(path)) return sendFile(ctx, join(gitDir, path), 'application/x-git-loose-object');
  const kind = PACK.exec(path)?.[1];
  if (kind !== undefined)
    return sendFile(ctx, join(gitDir, path), kind === 'idx' ? 'application/x-git-packed-objects-toc' : 'application/x-git-packed-objects');
  throw missing();
}

function missing(): NotFound {
  return new NotFound('git/no-such-file', 'The scripts repository has no such file.');
}

function sendText(ctx: Context, text: string): void {
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = text;
}

async function listPacks(gitDir: string): Promise<string> {
  const packs = (await readdir(join(gitDir, 'objects', 'pack'))).filter(
    (name) => PACK.test(`objects/pack/${name}`) && name.endsWith('.pack'),
  );
  return `${packs.map((name) => `P ${name}\n`).join('')}\n`;
}

/** Opens the file before responding, so that it is sent whole even if packing removes it in the meantime. */
async function sendFile(ctx: Context, path: string, contentType: string): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw hasCode(error, 'ENOENT') ? missing() : error;
  });
  const { size } = await file.stat().catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  ctx.set('Cache-Control', 'private, max-age=31536000, immutable');
  ctx.set('Content-Type', contentType);
  ctx.length = size;
  if (ctx.method === 'HEAD') {
    await file.close();
    ctx.status = 200;
    return;
  }
  ctx.body = createReadStream('', { fd: file });
}
