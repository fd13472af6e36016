/** The public contract of the runner. */
export * from './comparison-words.ts';
export * from './distributions.ts';
export * from './engine.ts';
export * from './events.ts';
export * from './execution.ts';
export * from './files.ts';
export * from './passes.ts';
export * from './plain-text.ts';
export * from './problems.ts';
export * from './routes.ts';
export * from './workspace.ts';
