/** Everything that others may know of the repository. */
export * from './repository.ts';
export * from './routes.ts';
