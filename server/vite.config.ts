/** Builds the page into `build/page`: many chunks, so that what a person does not open is not fetched, all compressed beforehand. */
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
    // Said by the test of the page's size instead.
    chunkSizeWarningLimit: 65_536,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // zod with the module that tells it not to compile: a chunk of their own, so that it is told before any schema is made.
          groups: [{ name: 'schemas', test: /node_modules\/zod\/|\/without-eval\.ts$/ }],
        },
      },
      checks: {
        // PageConfig's `eval` is for Node; in the page it is never reached.
        eval: false,
        // `use client` means nothing without React's server components.
        moduleLevelDirective: false,
      },
    },
  },
});
