/**
 * Lets dependency-cruiser read `.tsx`: it parses all TypeScript with swc without the
 * JSX option (a TODO of its own), and TypeScript 7 has no JavaScript API that it could
 * use instead. Load this first, with `node --import`.
 */
import { createRequire } from 'node:module';

const swc = createRequire(import.meta.url)('@swc/core');
const parseFileSync = swc.parseFileSync;
swc.parseFileSync = (file, options, ...rest) => parseFileSync.call(swc, file, { ...options, tsx: file.endsWith('.tsx') }, ...rest);
