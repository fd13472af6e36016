import type { Plugin } from 'vite';

/** See `vite-plugin.mjs`. */
export function pyrightWorker(options: { readonly cacheDir: string }): Plugin;
