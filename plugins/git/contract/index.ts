/** Everything that others may know of the repository. */
export * from './problems.ts';
export * from './repository.ts';
export * from './routes.ts';
