/** The editor's public API. */
export * from './lines.ts';
export * from './presence.ts';
export * from './workspace.ts';
