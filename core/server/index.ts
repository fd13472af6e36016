/** The public API for server plugins and the composition root. */

/** For the metrics of third-party plugins, which cannot import prom-client. */
export { Counter, Gauge, Histogram } from 'prom-client';

export { type Accounts, openAccounts } from './accounts/open-accounts.ts';
export { type User, UserStore } from './accounts/users.ts';
export { BootError } from './boot-error.ts';
export { createServer, type ServerOptions, settingsHelp, type VedServer } from './create-server.ts';
export { migrateDown, migrateUp } from './database/migrate.ts';
export { openDatabase } from './database/open.ts';
export { allSettledOrThrow, inTransaction } from './database/transaction.ts';
export { isDiskFull } from './disk-full.ts';
export type * from './event-bus.ts';
export type * from './health.ts';
export { base64Bytes } from './http/base64.ts';
export * from './keyed-queue.ts';
export { type PersonLimit, PersonShare, personLimits, serverLimits } from './limits.ts';
export type * from './plugin.ts';
export type { HostModules } from './plugin-folders/host-modules.ts';
export { PluginStopped } from './plugin-stopped.ts';
export * from './router.ts';
export * from './settings.ts';
export { Breather } from './thread/breather.ts';
export { WorkThread } from './thread/work-thread.ts';
export { type ZippedFile, zipAnswer } from './zip-answer.ts';
