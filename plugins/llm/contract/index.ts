/** The assistant's public API. */
export * from './events.ts';
export * from './problems.ts';
export * from './routes.ts';
export * from './workspace.ts';
