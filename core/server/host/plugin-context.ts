/** Builds what a plugin gets when it starts: its own scope of each part of the server, and the services it declared. */
import type { Token } from '@lumino/coreutils';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { ContractRouter } from '../http/contract-router.ts';
import type { PluginContext, ServerPlugin, Services } from '../plugin.ts';
import { routerAs } from '../plugin-folders/plugin-faults.ts';
import type { SettingsDefinition } from '../settings.ts';
import type { ReadSettings } from '../settings-reader.ts';
import type { HealthRegistry } from '../workspace/health-registry.ts';
import type { MetricsRegistries } from '../workspace/metrics.ts';
import { type Entry, ownerOf } from './plugin-entry.ts';

/** The parts of the server that each plugin gets a scope of. */
export interface ContextParts {
  readonly db: Knex;
  readonly log: Logger;
  /** The settings of ved's own plugins. */
  readonly settings: ReadSettings;
  /** The settings of a third-party plugin, read when it starts. Without it, there are no such plugins. */
  readonly readSettings?: (owner: string, declared: SettingsDefinition) => ReadSettings;
  readonly router: ContractRouter;
  readonly health: HealthRegistry;
  readonly metrics: MetricsRegistries;
  /** The part of the context that all plugins share. */
  readonly shared: Pick<PluginContext, 'events' | 'dataDir' | 'signal'>;
}

type EntryOf = (token: Token<unknown>) => Entry | undefined;

/** Throws for bad settings of a third-party plugin. */
export function contextOf(entry: Entry, options: ContextParts, entryOf: EntryOf): PluginContext {
  const { plugin, end, found } = entry;
  const owner = ownerOf(entry);
  const { db, shared, router, health, metrics } = options;
  const settings = found && plugin.settings && options.readSettings ? options.readSettings(plugin.id, plugin.settings) : options.settings;
  if (found && settings.faults.length > 0) throw new Error(settings.faults.join('; '));
  const log = options.log.child({ plugin: plugin.id });
  const signal = AbortSignal.any([shared.signal, end.signal]);
  return {
    ...shared,
    db,
    log,
    signal,
    router: found ? routerAs(found, router.scope(owner, log, signal, `/api/${plugin.id}`)) : router.scope(owner, log, signal),
    health: health.scope(owner),
    metrics: metrics.scope(owner),
    services: servicesFor(plugin, entryOf),
    settings: (definition) => settings.of(definition),
  };
}

/** The services a plugin declared, as long as their providers are started. */
function servicesFor(plugin: ServerPlugin, entryOf: EntryOf): Services {
  const serviceOf = <T>(token: Token<T>): T | null => {
    const provider = entryOf(token);
    return provider?.state === 'started' ? (provider.running?.service as T) : null;
  };
  return {
    get: <T>(token: Token<T>): T => {
      if (!plugin.requires?.includes(token)) throw new Error(`${plugin.id} asked for ${token.name} without naming it in requires`);
      const service = serviceOf(token);
      if (service === null) throw new Error(`${token.name} is no longer available`);
      return service;
    },
    find: <T>(token: Token<T>): T | null => {
      if (!plugin.optional?.includes(token)) throw new Error(`${plugin.id} asked for ${token.name} without naming it in optional`);
      return serviceOf(token);
    },
  };
}
