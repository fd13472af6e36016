/**
 * Lets dependency-cruiser read `.tsx`: it parses all TypeScript through swc
 * without the option for JSX (its own TODO), and TypeScript 7 has no JavaScript
 * API for it to use instead. Imported before it: `node --import`.
 */
import { createRequire } from 'node:module';

const swc = createRequire(import.meta.url)('@swc/core');
const parseFileSync = swc.parseFileSync;
swc.parseFileSync = (file, options, ...rest) => parseFileSync.call(swc, file, { ...options, tsx: file.endsWith('.tsx') }, ...rest);
