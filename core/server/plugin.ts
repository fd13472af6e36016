/**
 * What a server plugin is: a value that declares what it needs and brings, and
 * a function that starts it. The host decides when; nothing runs at import.
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
  /** A service named in `requires`. Throws when it was not named there. */
  get<T>(token: Token<T>): T;
  /** A service named in `optional`; null when nobody provides it or its provider failed. */
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
  /** The data folder; absolute. A plugin keeps its files in a folder or file of its own there. */
  readonly dataDir: string;
  /** The values of settings that this plugin declares. */
  settings<D extends SettingsDefinition>(definition: D): SettingsOf<D>;
  /** Fires when the server begins to stop, and when this plugin does; its reason is a `PluginStopped` that says why. */
  readonly signal: AbortSignal;
}

export interface RunningPlugin {
  /** What `provides` promised. */
  readonly service?: unknown;
  /** Called once the HTTP server listens; for work that must not delay the start. */
  ready?(): Promise<void>;
  /** Releases everything; called in reverse order of the start. */
  stop(): Promise<void>;
}

export interface ServerPlugin {
  /** `[a-z]+`, unique; names tables, the ledger of migrations and log lines. */
  readonly id: string;
  /** Whether the boot is aborted when this plugin fails. Otherwise, and of every plugin by others, it is shown as failed, with the reason. */
  readonly required?: boolean;
  /** Whether the page has a half of it, under the same id. */
  readonly browser?: boolean;
  readonly requires?: readonly Token<unknown>[];
  readonly optional?: readonly Token<unknown>[];
  readonly provides?: Token<unknown>;
  readonly settings?: SettingsDefinition;
  readonly migrations?: readonly Migration[];
  /** Absent when there is only the half in the page. */
  start?(context: PluginContext): Promise<RunningPlugin>;
}
