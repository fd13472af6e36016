/** Everything that others may know of the assistant. */
export * from './events.ts';
export * from './problems.ts';
export * from './routes.ts';
export * from './workspace.ts';
