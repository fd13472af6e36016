/** Builds the page with only Monaco like ved's own page, and serves it precompressed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import sirv from 'sirv';
import { build } from 'vite';
import { precompress } from '../../../server/vite/precompress.ts';

const root = resolve(import.meta.dirname, '../../..');

export async function serveMonacoAlone(outDir: string): Promise<{ url: string; stop(): Promise<void> }> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    cacheDir: `${root}/node_modules/.cache/ved/vite-bench`,
    plugins: [precompress({ cacheDir: `${root}/node_modules/.cache/ved/compressed` })],
    worker: { format: 'es' },
    build: { target: 'es2022', outDir, emptyOutDir: true, reportCompressedSize: false, chunkSizeWarningLimit: 65_536 },
  });
  const serve = sirv(outDir, { brotli: true, gzip: true });
  const server = createServer((request, response) => serve(request, response, () => void response.writeHead(404).end()));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
