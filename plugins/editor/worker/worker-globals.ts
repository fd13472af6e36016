/**
 * What Node gives every module without an import. esbuild injects these names
 * wherever Pyright or a shim mentions them.
 */
export { Buffer } from 'buffer';
export { clearImmediate, setImmediate } from './shims/immediate.ts';
export { process } from './shims/process.ts';
