/** The public contract of the catalog: scripts and versions. */
export * from './events.ts';
export * from './exchange.ts';
export * from './last-run.ts';
export * from './names.ts';
export * from './problems.ts';
export * from './routes.ts';
export * from './scripts.ts';
export * from './search-text.ts';
export * from './service.ts';
export * from './workspace.ts';
