/** Texts by lines: what differs, what a merge makes of them, where a line went, and the ends that each line has. Isomorphic and pure. */
export * from './changes.ts';
export * from './conflict-markers.ts';
export * from './hunks.ts';
export * from './line-ends.ts';
export * from './lines.ts';
export * from './merge.ts';
export * from './moved-line.ts';
