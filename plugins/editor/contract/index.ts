/** Everything that others may know of the editor. */
export * from './lines.ts';
export * from './presence.ts';
export * from './workspace.ts';
