/**
 * Starts plugins in the order of their needs and stops them in reverse. Knows
 * none by name. What was started is stopped, whatever happens in between.
 */
import type { Token } from '@lumino/coreutils';
import type { PluginState } from '@ved/core/contract';
import type { Knex } from 'knex';
import pTimeout, { type Options } from 'p-timeout';
import type { Logger } from 'pino';
import { BootError } from '../boot-error.ts';
import { migrateUp } from '../database/migrate.ts';
import type { ContractRouter } from '../http/contract-router.ts';
import type { PluginContext, RunningPlugin, ServerPlugin, Services } from '../plugin.ts';
import type { ReadSettings } from '../settings-reader.ts';
import type { Graph } from './graph.ts';

/** Migrations included. A start that takes longer hangs; slow work belongs into `ready()`. */
const START_LIMIT_MS = 30_000;
/** A plugin that does not stop in time is left behind, so that the others still stop. */
const STOP_LIMIT_MS = 5_000;

export interface PluginHostOptions {
  readonly graph: Graph;
  readonly db: Knex;
  readonly log: Logger;
  readonly settings: ReadSettings;
  readonly router: ContractRouter;
  /** What every plugin's context holds alike. */
  readonly shared: Pick<PluginContext, 'events' | 'health' | 'metrics' | 'dataDir' | 'signal'>;
  readonly startLimitMs?: number;
  readonly stopLimitMs?: number;
}

interface Entry {
  readonly plugin: ServerPlugin;
  state: PluginState['state'];
  error: string | null;
  running: RunningPlugin | null;
}

export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #entries: Entry[];
  readonly #startLimitMs: number;
  readonly #stopLimitMs: number;

  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#entries = options.graph.order.map((plugin) => ({ plugin, state: 'stopped', error: null, running: null }));
    this.#startLimitMs = options.startLimitMs ?? START_LIMIT_MS;
    this.#stopLimitMs = options.stopLimitMs ?? STOP_LIMIT_MS;
  }

  /** Each plugin with its state, in the order of the start. */
  get states(): PluginState[] {
    return this.#entries.map(({ plugin, state, error }) => ({ id: plugin.id, state, required: plugin.required, error }));
  }

  /** Starts all. Throws BootError when a required plugin fails; what had started is then stopped again. */
  async start(): Promise<void> {
    for (const entry of this.#entries) {
      try {
        await this.#startOne(entry);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#fail(entry, reason, error);
        // Routes of a plugin that is half there would be served.
        this.#options.router.withdraw(entry.plugin.id);
        if (!entry.plugin.required) continue;
        await this.stop();
        throw new BootError([`the plugin ${entry.plugin.id} did not start: ${reason}`], { cause: error });
      }
    }
  }

  /** Calls every `ready()` at once. One that fails makes its plugin failed; the server goes on. */
  async ready(): Promise<void> {
    await Promise.all(
      this.#entries.map(async (entry) => {
        try {
          await entry.running?.ready?.();
        } catch (error) {
          this.#fail(entry, `after the start: ${error instanceof Error ? error.message : String(error)}`, error);
        }
      }),
    );
  }

  /** Stops what runs, the last started first. Never throws: a plugin that cannot stop is logged. */
  async stop(): Promise<void> {
    for (const entry of this.#entries.toReversed()) {
      const { running, plugin } = entry;
      if (!running) continue;
      entry.running = null;
      if (entry.state === 'started') entry.state = 'stopped';
      try {
        await pTimeout(running.stop(), limit(`stopping the plugin ${plugin.id}`, this.#stopLimitMs));
      } catch (error) {
        this.#options.log.error({ err: error, plugin: plugin.id }, 'a plugin did not stop');
      }
    }
  }

  async #startOne(entry: Entry): Promise<void> {
    const { plugin } = entry;
    for (const token of plugin.requires ?? []) {
      const provider = this.#entryOf(token);
      if (provider?.state !== 'started') throw new Error(`it requires ${token.name}, and its provider ${provider?.plugin.id} failed`);
    }
    const started = (async () => {
      await migrateUp(this.#options.db, plugin.id, plugin.migrations ?? []);
      return plugin.start(this.#contextOf(plugin));
    })();
    try {
      entry.running = await pTimeout(started, limit(`starting the plugin ${plugin.id}`, this.#startLimitMs));
    } catch (error) {
      // One that comes up after its limit must not stay up unseen.
      started.then((late) => late.stop()).catch(() => undefined);
      throw error;
    }
    if (plugin.provides && entry.running.service === undefined) {
      await this.#stopUnfit(entry);
      throw new Error(`it promised ${plugin.provides.name} but returned no service`);
    }
    entry.state = 'started';
  }

  async #stopUnfit(entry: Entry): Promise<void> {
    const { running } = entry;
    entry.running = null;
    await running?.stop();
  }

  #fail(entry: Entry, reason: string, error: unknown): void {
    entry.state = 'failed';
    entry.error = reason;
    this.#options.log.error({ err: error, plugin: entry.plugin.id }, 'a plugin failed');
  }

  #contextOf(plugin: ServerPlugin): PluginContext {
    const { db, settings, shared } = this.#options;
    const log = this.#options.log.child({ plugin: plugin.id });
    const router = this.#options.router.scope(plugin.id, log);
    return { ...shared, db, log, router, services: this.#servicesFor(plugin), settings: (definition) => settings.of(definition) };
  }

  #servicesFor(plugin: ServerPlugin): Services {
    const serviceOf = <T>(token: Token<T>): T | null => {
      const provider = this.#entryOf(token);
      return provider?.state === 'started' ? (provider.running?.service as T) : null;
    };
    return {
      get: <T>(token: Token<T>): T => {
        if (!plugin.requires?.includes(token)) throw new Error(`${plugin.id} asked for ${token.name} without naming it in requires`);
        const service = serviceOf(token);
        if (service === null) throw new Error(`${token.name} is not available any more`);
        return service;
      },
      find: <T>(token: Token<T>): T | null => {
        if (!plugin.optional?.includes(token)) throw new Error(`${plugin.id} asked for ${token.name} without naming it in optional`);
        return serviceOf(token);
      },
    };
  }

  #entryOf(token: Token<unknown>): Entry | undefined {
    const provider = this.#options.graph.providerOf(token);
    return this.#entries.find((entry) => entry.plugin === provider);
  }
}

/** For pTimeout: the work itself goes on after it, and what it yields later is dropped. */
function limit(what: string, milliseconds: number): Options<never> {
  return { milliseconds, message: `${what} took longer than ${milliseconds / 1000} s` };
}
