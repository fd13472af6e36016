/**
 * The type of server plugins: a value that declares what it needs and provides,
 * and a function that starts it. The host decides when; nothing runs at import.
 */
import type { Token } from '@lumino/coreutils';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { EventBus } from './event-bus.ts';
import type { HealthReporter } from './health.ts';
import type { Router } from './router.ts';
import type { SettingsDefinition, SettingsOf } from './settings.ts';

/** One step of a plugin's schema. Tables are named `<plugin id>_*`; no foreign key leaves the plugin. */
export interface Migration {
  /** Sorts in the order of application: `001-scripts`. Never renamed once released. */
  readonly name: string;
  up(db: Knex): Promise<void>;
  down(db: Knex): Promise<void>;
}

/** The services a plugin asked for. */
export interface Services {
  /** A service listed in `requires`. Throws when it is not listed there. */
  get<T>(token: Token<T>): T;
  /** A service listed in `optional`; null when nobody provides it or its provider failed. */
  find<T>(token: Token<T>): T | null;
}

export interface PluginContext {
  readonly services: Services;
  readonly db: Knex;
  readonly router: Router;
  readonly log: Logger;
  readonly events: EventBus;
  readonly health: HealthReporter;
  readonly metrics: Registry;
  /** The absolute path of the data folder. A plugin stores its files in its own folder or file there. */
  readonly dataDir: string;
  /** The values of this plugin's declared settings. */
  settings<D extends SettingsDefinition>(definition: D): SettingsOf<D>;
  /** Fires when the server begins to stop, and when this plugin does; its reason is a `PluginStopped` that says why. */
  readonly signal: AbortSignal;
}

export interface RunningPlugin {
  /** The service declared in `provides`. */
  readonly service?: unknown;
  /** Called once the HTTP server listens; for work that must not delay the start. */
  ready?(): Promise<void>;
  /** Releases everything; called in reverse order of the start. */
  stop(): Promise<void>;
}

export interface ServerPlugin {
  /** `[a-z]+`, unique; used in names of tables, the record of migrations and log lines. */
  readonly id: string;
  /** Whether the start is aborted when this plugin fails. Otherwise, and for every third-party plugin, it is listed as failed, with the reason. */
  readonly required?: boolean;
  /** Whether it has a browser half, under the same id. */
  readonly browser?: boolean;
  readonly requires?: readonly Token<unknown>[];
  readonly optional?: readonly Token<unknown>[];
  readonly provides?: Token<unknown>;
  readonly settings?: SettingsDefinition;
  readonly migrations?: readonly Migration[];
  /** Absent when there is only a browser half. */
  start?(context: PluginContext): Promise<RunningPlugin>;
}
