/** What server plugins and the composition root may use. */
export type * from './event-bus.ts';
export type * from './health.ts';
export type * from './plugin.ts';
export * from './router.ts';
export * from './settings.ts';
