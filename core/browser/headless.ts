/**
 * The part of the public API that needs neither the shell nor a document. With
 * Node's condition `headless`, `@ved/core/browser` is only this, so that unit tests
 * run the plugins' state classes without loading JupyterLab.
 */
export * from './client/api-client.ts';
export * from './client/api-error.ts';
export * from './client/event-stream.ts';
export * from './live/live-list.ts';
export * from './parts/safe-name.ts';
export * from './parts/time-text.ts';
export * from './tokens.ts';
