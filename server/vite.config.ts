/** Builds the page into `build/page`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { assetText } from './vite/asset-text.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root: `${root}server/page`,
  base: '/',
  cacheDir: `${root}node_modules/.cache/ved/vite`,
  plugins: [assetText()],
  resolve: { alias: [{ find: /^~(.*)$/, replacement: '$1' }] },
  build: {
    target: 'es2022',
    outDir: `${root}build/page`,
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 8192,
  },
});
