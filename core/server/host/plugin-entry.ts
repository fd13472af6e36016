/** One plugin of the host: where it came from, its state, and the names it goes by. */
import type { PluginState } from '@ved/core/contract';
import type { RunningPlugin, ServerPlugin } from '../plugin.ts';
import { callAs, messageOf, reasonIn } from '../plugin-folders/plugin-faults.ts';
import type { FoundPlugin } from '../plugin-folders/plugin-folders.ts';
import { checkPlugins } from './graph.ts';

export interface Entry {
  readonly plugin: ServerPlugin;
  /** Where a third-party plugin was found; null for ved's own. */
  readonly found: FoundPlugin | null;
  state: PluginState['state'];
  error: string | null;
  running: RunningPlugin | null;
  /** Fires when it stops. */
  end: AbortController;
}

export function newEntry(plugin: ServerPlugin, found: FoundPlugin | null): Entry {
  return { plugin, found, state: 'stopped', error: null, running: null, end: new AbortController() };
}

/** The owner it registers under; for a third-party plugin its folder, since it may claim another plugin's id. */
export function ownerOf({ plugin, found }: Entry): string {
  return found ? `plugins/${found.folder}` : plugin.id;
}

export function reasonOf({ found }: Entry, error: unknown): string {
  return found?.plugin ? reasonIn(found.path, error) : messageOf(error);
}

export function callOf<T>({ found }: Entry, work: () => T): T {
  return found ? callAs(found, work) : work();
}

/** The plugin, or a placeholder for the list when it cannot be loaded. */
export function pluginOf({ plugin, id, browserDir }: FoundPlugin): ServerPlugin {
  return plugin ?? { id, required: false, browser: browserDir !== null };
}

/** Providers before their dependants; plugins in a cycle stay in order and fail because of each other. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const { order } = checkPlugins(entries.map(({ plugin }) => plugin));
  return order.map((plugin) => entries.find((entry) => entry.plugin === plugin)!);
}
