/** Everything that others may know of the assistant. */
export * from './routes.ts';
export * from './workspace.ts';
