/** The public contract of the repository. */
export * from './problems.ts';
export * from './repository.ts';
export * from './routes.ts';
