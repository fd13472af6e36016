/** Line-based text functions: diff, merge, tracking a moved line, and line ends. Isomorphic and pure. */
export * from './changes.ts';
export * from './conflict-markers.ts';
export * from './hunks.ts';
export * from './line-ends.ts';
export * from './lines.ts';
export * from './merge.ts';
export * from './moved-line.ts';
