/**
 * Starts plugins in dependency order and stops them in reverse; optional ones can
 * be started and stopped while the server runs. Knows none by name. Every started
 * plugin is stopped, whatever happens in between.
 */
import type { Token } from '@lumino/coreutils';
import { Conflict, NotFound, type PluginState } from '@ved/core/contract';
import pTimeout, { type Options } from 'p-timeout';
import { BootError } from '../boot-error.ts';
import type { Migrator } from '../database/migrator.ts';
import type { RunningPlugin } from '../plugin.ts';
import { lifeAtFault } from '../plugin-folders/plugin-faults.ts';
import type { FoundPlugin } from '../plugin-folders/plugin-folders.ts';
import { PluginStopped } from '../plugin-stopped.ts';
import { type Graph, isReserved } from './graph.ts';
import { type ContextParts, contextOf } from './plugin-context.ts';
import { callOf, type Entry, inOrder, newEntry, ownerOf, pluginOf, reasonOf } from './plugin-entry.ts';

/** Including migrations. A start that takes longer hangs; slow work belongs in `ready()`. */
const START_LIMIT_MS = 30_000;
/** The same for a third-party plugin, which the server waits for too. */
const FOLDER_START_LIMIT_MS = 5_000;
/** A plugin that does not stop in time is abandoned, so that the others still stop. */
const STOP_LIMIT_MS = 5_000;

export interface PluginHostOptions extends ContextParts {
  readonly graph: Graph;
  readonly migrator: Migrator;
  /** The version of ved and of its own plugins. */
  readonly version: string;
  /** Called when a third-party plugin has been stopped because it failed at run time. */
  readonly onFailed?: (id: string) => void;
  readonly startLimitMs?: number;
  readonly stopLimitMs?: number;
}

export class PluginHost {
  private readonly options: PluginHostOptions;
  private entries: Entry[];
  private readonly startLimitMs: number;
  private readonly stopLimitMs: number;
  /** Starts and stops run one after another. */
  private turn: Promise<unknown> = Promise.resolve();
  private isStopped = false;
  /** Unhandled errors of third-party plugins from before their start, by generation. */
  private readonly early = new Map<string, unknown>();

  constructor(options: PluginHostOptions) {
    this.options = options;
    this.entries = options.graph.order.map((plugin) => newEntry(plugin, null));
    this.startLimitMs = options.startLimitMs ?? START_LIMIT_MS;
    this.stopLimitMs = options.stopLimitMs ?? STOP_LIMIT_MS;
  }

  /** Each plugin with its state, in start order. */
  get states(): Omit<PluginState, 'brings'>[] {
    return this.entries.map(({ plugin, found, state, error }) => ({
      id: plugin.id,
      name: found?.name ?? `@ved/${plugin.id}`,
      version: found?.version ?? this.options.version,
      source: found ? 'folder' : 'built-in',
      state,
      required: plugin.required === true,
      error,
      server: found ? found.hasServer : plugin.start !== undefined,
      browser: plugin.browser === true,
    }));
  }

  /** The same with what each provides. */
  async describe(): Promise<PluginState[]> {
    const { db, router } = this.options;
    const rows: { name: string }[] = await db('sqlite_master').where({ type: 'table' }).orderBy('name').select('name');
    return this.entries.map((entry, index) => ({
      ...this.states[index]!,
      brings: {
        routes: router.definitionsOf(ownerOf(entry)).map(({ method, path }) => `${method} ${path}`),
        settings: Object.values(entry.plugin.settings ?? {}).map(({ variable }) => variable),
        tables: rows.map(({ name }) => name).filter((name) => name.startsWith(`${entry.plugin.id}_`) && !name.endsWith('_migrations')),
      },
    }));
  }

  /** The plugin found in a folder, with its state; null when there is none. */
  at(path: string): (FoundPlugin & Pick<PluginState, 'state' | 'error'>) | null {
    const entry = this.entries.find(({ found }) => found?.path === path);
    return entry?.found ? { ...entry.found, state: entry.state, error: entry.error } : null;
  }

  /** The started third-party plugins. */
  get startedFolders(): FoundPlugin[] {
    return this.entries.flatMap(({ found, state }) => (found && state === 'started' ? [found] : []));
  }

  /** The third-party plugins that need no reload: all except the failed ones. */
  get soundFolders(): FoundPlugin[] {
    return this.entries.flatMap(({ found, state }) => (found && state !== 'failed' ? [found] : []));
  }

  /** Starts all enabled plugins. When a required one fails, stops those already started and throws BootError. */
  start(disabled: ReadonlySet<string> = new Set()): Promise<void> {
    return this.inTurn(async () => {
      for (const entry of this.entries) {
        if (disabled.has(entry.plugin.id) && !entry.plugin.required) entry.state = 'disabled';
        else await this.startOrFail(entry);
        if (entry.state !== 'failed' || !entry.plugin.required) continue;
        await this.stopAll(this.entries, () => 'was stopped, as ved cannot start');
        throw new BootError([`the plugin ${entry.plugin.id} did not start: ${entry.error}`], { cause: entry.end.signal.reason });
      }
    });
  }

  /** Calls all `ready()` in parallel. When one fails, its plugin counts as failed; the server continues. */
  async ready(): Promise<void> {
    await this.callReady(this.entries);
  }

  /**
   * Applies the result of a scan of the plugin folders: starts new plugins, restarts changed ones and stops removed ones, and
   * restarts their dependants. Returns whether anything changed. The faults of a plugin are reported in its state.
   */
  takeFolders(found: readonly FoundPlugin[], disabled: ReadonlySet<string>): Promise<boolean> {
    return this.inTurn(async () => {
      for (const generation of this.early.keys()) if (!found.some((each) => each.generation === generation)) this.early.delete(generation);
      const gone = this.entries.filter((entry) => entry.found && !found.includes(entry.found));
      const fresh = found
        .filter((each) => !this.entries.some((entry) => entry.found === each))
        .map((each) => newEntry(pluginOf(each), each));
      if (gone.length === 0 && fresh.length === 0) return false;
      const before = this.entries.filter((entry) => gone.some((each) => this.dependentsOf(each).includes(entry)));
      await this.stopAll([...gone, ...before], (entry) => (gone.includes(entry) ? 'was taken away or changed' : RESTARTED));
      const kept = this.entries.filter((entry) => !gone.includes(entry));
      this.entries = inOrder([...kept, ...fresh]);
      const after = this.entries.filter((entry) => !fresh.includes(entry) && fresh.some((each) => this.dependentsOf(each).includes(entry)));
      await this.stopAll(after, () => RESTARTED);
      for (const entry of fresh) if (disabled.has(entry.plugin.id)) entry.state = 'disabled';
      const restarted = new Set([...before, ...after, ...fresh]);
      await this.startAgain(this.entries.filter((entry) => restarted.has(entry)));
      return true;
    });
  }

  /** Stops a plugin, and restarts dependants that work without it. Throws NotFound; Conflict for a required one. */
  disable(id: string): Promise<void> {
    return this.inTurn(async () => {
      const entry = this.find(id);
      if (entry.plugin.required) throw new Conflict('core/required-plugin', `The plugin ${id} cannot be disabled: ved needs it.`);
      if (entry.state === 'disabled') return;
      const dependents = this.dependentsOf(entry);
      await this.stopAll([entry, ...dependents], (each) => (each === entry ? 'was disabled' : RESTARTED));
      entry.state = 'disabled';
      entry.error = null;
      await this.startAgain(dependents);
    });
  }

  /** Starts a disabled or failed plugin, and restarts its dependants. Throws NotFound. */
  enable(id: string): Promise<void> {
    return this.inTurn(async () => {
      const entry = this.find(id);
      if (entry.state === 'started') return;
      const dependents = this.dependentsOf(entry);
      await this.stopAll(dependents, () => RESTARTED);
      entry.state = 'stopped';
      await this.startAgain([entry, ...dependents]);
    });
  }

  /**
   * Takes an unhandled error. Returns whether it belongs to a third-party plugin, which is then stopped, as its state is unknown;
   * the plugins that use it restart. Any other error is left to the caller.
   */
  blame(error: unknown): boolean {
    const life = lifeAtFault(error);
    if (!life) return false;
    const entry = this.entries.find(({ found }) => found?.path === life.path && found.generation === life.generation);
    // Without an entry, it failed during its import, or it has been reloaded since: then an earlier generation failed, not the running one.
    if (!entry) this.early.set(life.generation, error);
    if (entry?.state === 'started' || entry?.state === 'stopped') void this.inTurn(() => this.giveUp(entry, error));
    else this.options.log.error({ err: error, folder: life.path }, 'a plugin that is not running failed');
    return true;
  }

  /** Stops all plugins, the last started first. Never throws: a plugin that does not stop is logged. */
  stop(): Promise<void> {
    this.isStopped = true;
    return this.inTurn(() => this.stopAll(this.entries, () => 'stopped with the server'));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private find(id: string): Entry {
    const entry = this.entries.find(({ plugin }) => plugin.id === id);
    if (!entry) throw new NotFound('core/unknown-plugin', `There is no plugin ${JSON.stringify(id)}.`);
    return entry;
  }

  /** The direct and indirect dependants of a plugin, in start order. */
  private dependentsOf(provider: Entry): Entry[] {
    const users = new Set<Entry>([provider]);
    for (const entry of this.entries) {
      const tokens = [...(entry.plugin.requires ?? []), ...(entry.plugin.optional ?? [])];
      if (tokens.some((token) => users.has(this.entryOf(token)!))) users.add(entry);
    }
    users.delete(provider);
    return [...users];
  }

  private async startAgain(entries: readonly Entry[]): Promise<void> {
    if (this.isStopped) return;
    for (const entry of entries) if (entry.state !== 'disabled') await this.startOrFail(entry);
    await this.callReady(entries);
  }

  private async callReady(entries: readonly Entry[]): Promise<void> {
    this.options.migrator.settle();
    await Promise.all(
      entries.map(async (entry) => {
        try {
          await callOf(entry, () => entry.running?.ready?.());
        } catch (error) {
          this.fail(entry, `after the start: ${reasonOf(entry, error)}`, error);
        }
      }),
    );
  }

  /** `why` follows the name of the plugin, in a sentence. */
  private async stopAll(entries: readonly Entry[], why: (entry: Entry) => string): Promise<void> {
    for (const entry of entries.toReversed()) {
      const { running, plugin } = entry;
      if (!running) continue;
      entry.running = null;
      if (entry.state === 'started') entry.state = 'stopped';
      // While the server stops, responses in progress end with it.
      if (!this.isStopped) this.withdraw(entry, new PluginStopped(`The plugin ${plugin.id} ${why(entry)}.`));
      try {
        await pTimeout(
          callOf(entry, () => running.stop()),
          limit(`stopping the plugin ${plugin.id}`, this.stopLimitMs),
        );
      } catch (error) {
        this.options.log.error({ err: error, plugin: plugin.id }, 'a plugin did not stop');
      }
    }
  }

  private async giveUp(entry: Entry, error: unknown): Promise<void> {
    if (entry.state !== 'started' || this.isStopped) return;
    const dependents = this.dependentsOf(entry);
    await this.stopAll([entry, ...dependents], (each) => (each === entry ? 'failed' : RESTARTED));
    this.fail(entry, reasonOf(entry, error), error);
    await this.startAgain(dependents);
    this.options.onFailed?.(entry.plugin.id);
  }

  private async startOrFail(entry: Entry): Promise<void> {
    entry.error = null;
    entry.end = new AbortController();
    try {
      await this.startOne(entry);
    } catch (error) {
      this.fail(entry, reasonOf(entry, error), error);
      // Otherwise routes of a half-started plugin would be served.
      this.withdraw(entry, error);
    }
  }

  /** Removes what a plugin registered, and ends its responses in progress. */
  private withdraw(entry: Entry, reason: unknown): void {
    const { router, health, metrics } = this.options;
    for (const registered of [router, health, metrics]) registered.withdraw(ownerOf(entry));
    entry.end.abort(reason);
  }

  private async startOne(entry: Entry): Promise<void> {
    const { plugin } = entry;
    this.checkPlace(entry);
    for (const token of plugin.requires ?? []) {
      const provider = this.entryOf(token);
      if (provider?.state === 'started') continue;
      if (!provider) throw new Error(`it requires ${token.name}, which no plugin provides`);
      const why = provider.state === 'disabled' ? 'is disabled' : 'failed';
      throw new Error(`it requires ${token.name}, and its provider ${provider.plugin.id} ${why}`);
    }
    // Not covered by the time limit, since a backup of a large database takes long.
    const migrate = await this.options.migrator.prepare(plugin.id, plugin.migrations);
    const started = (async () => {
      await migrate();
      return callOf(entry, () => plugin.start?.(contextOf(entry, this.options, (token) => this.entryOf(token)))) ?? NOTHING_TO_STOP;
    })();
    const limitMs = entry.found ? Math.min(FOLDER_START_LIMIT_MS, this.startLimitMs) : this.startLimitMs;
    try {
      entry.running = await pTimeout(started, limit(`starting the plugin ${plugin.id}`, limitMs));
      if (typeof entry.running?.stop !== 'function') throw new Error('its start must return { stop }');
    } catch (error) {
      entry.running = null;
      // A plugin that starts after its limit must not keep running unnoticed.
      started.then((late) => late.stop()).catch(() => undefined);
      throw error;
    }
    if (plugin.provides && entry.running.service === undefined) {
      const { running } = entry;
      entry.running = null;
      await running.stop();
      throw new Error(`it promised ${plugin.provides.name} but returned no service`);
    }
    entry.state = 'started';
  }

  /** Throws for a third-party plugin that is faulty or conflicts with another one. */
  private checkPlace(entry: Entry): void {
    const { plugin, found } = entry;
    if (!found) return;
    if (found.fault !== null) throw new Error(found.fault);
    if (this.early.has(found.generation)) throw this.early.get(found.generation);
    const earlier = this.entries.slice(0, this.entries.indexOf(entry));
    const same = this.entries.find(
      (other) => other !== entry && other.plugin.id === plugin.id && (!other.found || earlier.includes(other)),
    );
    if (same) throw new Error(`the id ${plugin.id} is taken by ${same.found ? `the folder ${same.found.folder}` : 'a plugin of ved'}`);
    if (isReserved(plugin.id)) throw new Error(`the id ${plugin.id} is reserved`);
    const { provides } = plugin;
    const other = provides && earlier.find((each) => each.plugin.provides === provides);
    if (other) throw new Error(`it provides ${provides.name}, which ${other.plugin.id} provides`);
  }

  private fail(entry: Entry, reason: string, error: unknown): void {
    entry.state = 'failed';
    entry.error = reason;
    this.options.log.error({ err: error, plugin: entry.plugin.id, reason }, 'a plugin failed');
  }

  private entryOf(token: Token<unknown>): Entry | undefined {
    return this.entries.find(({ plugin }) => plugin.provides === token);
  }
}

/** The reason for stopping a plugin when its provider was added, removed or changed. */
const RESTARTED = 'was restarted, because a plugin that it uses was added, removed or changed';

/** For a plugin without a server half. */
const NOTHING_TO_STOP: RunningPlugin = { stop: async () => undefined };

/** Options for pTimeout. After the timeout the work itself continues, and its result is ignored. */
function limit(what: string, milliseconds: number): Options<never> {
  return { milliseconds, message: `${what} took longer than ${milliseconds / 1000} s` };
}
