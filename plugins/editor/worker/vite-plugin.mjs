/**
 * Adds the Pyright worker to the page's build: `virtual:ved-pyright` exports the
 * URLs of its two files, hashed like every asset.
 */
import path from 'node:path';
import { cachedPyrightWorker } from './cache.mjs';

const MODULE = 'virtual:ved-pyright';
const RESOLVED = `\0${MODULE}`;

/** @param {{cacheDir: string}} options an absolute folder, such as node_modules/.cache/ved/pyright */
export function pyrightWorker({ cacheDir }) {
  return {
    name: 'ved:pyright-worker',
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const { worker, typeshed } = await cachedPyrightWorker(path.resolve(cacheDir));
      return [
        `export { default as workerUrl } from ${JSON.stringify(`${worker}?url&no-inline`)};`,
        `export { default as typeshedUrl } from ${JSON.stringify(`${typeshed}?url&no-inline`)};`,
      ].join('\n');
    },
  };
}
