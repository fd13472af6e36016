/** Builds the page into `build/page`, split into many chunks so that only the parts in use are fetched, and precompressed. */
import { fileURLToPath } from 'node:url';
import { pyrightWorker } from '@ved/editor/page-build';
import { defineConfig } from 'vite';
import { absentPackagesPlugin } from './vite/absent-packages.ts';
import { assetText } from './vite/asset-text.ts';
import { bundleReport } from './vite/bundle-report.ts';
import { precompress } from './vite/precompress.ts';
import { preloadEditor } from './vite/preload-editor.ts';
import { publishPage } from './vite/publish-page.ts';
import { releasedElementsPlugin } from './vite/released-elements.ts';
import { sharedModules } from './vite/shared-modules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cacheDir = `${root}node_modules/.cache/ved`;

export default defineConfig({
  root: `${root}server/page`,
  base: '/',
  cacheDir: `${cacheDir}/vite`,
  plugins: [
    absentPackagesPlugin(),
    releasedElementsPlugin(),
    assetText(),
    pyrightWorker({ cacheDir: `${cacheDir}/pyright` }),
    sharedModules(),
    preloadEditor(),
    bundleReport(),
    precompress({ cacheDir: `${cacheDir}/compressed` }),
    publishPage({ pageDir: `${root}build/page`, listFile: `${root}build/page-files.json` }),
  ],
  // JupyterLab's style sheets name packages with a leading `~`.
  resolve: { alias: [{ find: /^~(.*)$/, replacement: '$1' }] },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: `${root}build/page.next`,
    emptyOutDir: true,
    reportCompressedSize: false,
    // The test of the page's size checks this instead.
    chunkSizeWarningLimit: 65_536,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // zod and the module that turns off its compiler get their own chunk, so that it is off before any schema is created.
          groups: [{ name: 'schemas', test: /node_modules\/zod\/|\/without-eval\.ts$/ }],
        },
      },
      checks: {
        // PageConfig's `eval` is for Node, and never reached in the page.
        eval: false,
        // `use client` has no meaning without React's server components.
        moduleLevelDirective: false,
      },
    },
  },
});
