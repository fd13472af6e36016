/** Shared by every part of ved: routes, problems, events, sessions. Isomorphic: uses neither Node nor the DOM. */
export * from './base64.ts';
export * from './core-problems.ts';
export * from './events.ts';
export * from './page-element.ts';
export * from './plugins.ts';
export * from './problem.ts';
export * from './routes.ts';
export * from './session.ts';
export * from './workspace.ts';
