/**
 * Compresses every asset once, when the page is built, so that the server only
 * sends files. Results are cached by content, so that the next build is quick.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Compressing a file smaller than this does not save a packet. */
const SMALLEST_BYTES = 1024;
/** For files larger than this, the best quality takes minutes and gains about one percent. */
const LARGE_BYTES = 2 * 1024 * 1024;
/** Formats that are already compressed. */
const incompressible = new Set(['.br', '.gz', '.png', '.jpg', '.woff', '.woff2', '.zip', '.whl']);

const encoders = [
  { suffix: '.br', encode: (data: Buffer) => promisify(brotliCompress)(data, { params: brotliParams(data.length) }) },
  { suffix: '.gz', encode: (data: Buffer) => promisify(gzip)(data, { level: 9 }) },
];

export interface PrecompressOptions {
  /** Where results are cached between builds. */
  readonly cacheDir: string;
}

export function precompress({ cacheDir }: PrecompressOptions): Plugin {
  let outDir = '';
  return {
    name: 'ved:precompress',
    apply: 'build',
    configResolved: (config) => {
      outDir = config.build.outDir;
    },
    closeBundle: {
      sequential: true,
      async handler() {
        await mkdir(cacheDir, { recursive: true });
        const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
        const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
        await Promise.all(paths.filter((path) => !incompressible.has(extname(path))).map((path) => compressFile(path, cacheDir)));
      },
    },
  };
}

async function compressFile(path: string, cacheDir: string): Promise<void> {
  const data = await readFile(path);
  if (data.length < SMALLEST_BYTES) return;
  const hash = createHash('sha256').update(data).digest('hex');
  for (const { suffix, encode } of encoders) {
    const cached = join(cacheDir, hash + suffix);
    if (!existsSync(cached)) await writeFile(cached, await encode(data));
    await copyFile(cached, path + suffix);
  }
}

function brotliParams(sizeBytes: number): Record<number, number> {
  return {
    [constants.BROTLI_PARAM_QUALITY]: sizeBytes > LARGE_BYTES ? 9 : 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: sizeBytes,
  };
}
