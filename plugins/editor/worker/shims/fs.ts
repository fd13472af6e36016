/** Node's `fs`: files in the worker's memory. */
export * from 'memfs';
export { fs as default } from 'memfs';
