/**
 * Checks the plugins' declarations before anything starts, and computes the start
 * order. Pure: it reads only the declarations.
 */
import type { Token } from '@lumino/coreutils';
import type { ServerPlugin } from '../plugin.ts';

/** Table prefixes that plugins cannot use, including core's own. */
const RESERVED_IDS: ReadonlySet<string> = new Set(['core', 'sqlite', 'knex']);

export function isReserved(id: string): boolean {
  return RESERVED_IDS.has(id);
}

export interface Graph {
  /** Every provider before its dependants; otherwise as listed. Meaningless when there are faults. */
  readonly order: readonly ServerPlugin[];
  readonly faults: readonly string[];
  providerOf(token: Token<unknown>): ServerPlugin | undefined;
}

/** Collects every fault: bad and duplicate ids, two providers of a token, missing tokens, cycles, bad migrations. */
export function checkPlugins(plugins: readonly ServerPlugin[]): Graph {
  const providers = new Map<Token<unknown>, ServerPlugin>();
  const faults = [
    ...checkIds(plugins),
    ...collectProviders(plugins, providers),
    ...checkNeeds(plugins, providers),
    ...checkMigrations(plugins),
  ];
  const sorted = sortByNeeds(plugins, (token) => providers.get(token));
  return { order: sorted.order, faults: [...faults, ...sorted.faults], providerOf: (token) => providers.get(token) };
}

function checkIds(plugins: readonly ServerPlugin[]): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { id } of plugins) {
    if (!/^[a-z][a-z0-9]*$/.test(id)) faults.push(`the plugin id ${JSON.stringify(id)} must consist of the letters a to z and digits`);
    if (isReserved(id)) faults.push(`the plugin id ${id} is reserved`);
    if (seen.has(id)) faults.push(`two plugins have the id ${id}`);
    seen.add(id);
  }
  return faults;
}

function collectProviders(plugins: readonly ServerPlugin[], providers: Map<Token<unknown>, ServerPlugin>): string[] {
  const faults: string[] = [];
  for (const plugin of plugins) {
    if (!plugin.provides) continue;
    const other = providers.get(plugin.provides);
    if (other) faults.push(`${other.id} and ${plugin.id} both provide ${plugin.provides.name}`);
    else providers.set(plugin.provides, plugin);
  }
  return faults;
}

function checkNeeds(plugins: readonly ServerPlugin[], providers: ReadonlyMap<Token<unknown>, ServerPlugin>): string[] {
  return plugins.flatMap((plugin) =>
    (plugin.requires ?? []).flatMap((token) => {
      const provider = providers.get(token);
      if (!provider) return [`${plugin.id} requires ${token.name}, which no plugin provides`];
      if (plugin.required && !provider.required) {
        return [`${plugin.id} is required and requires ${token.name}, but its provider ${provider.id} is optional`];
      }
      return [];
    }),
  );
}

function checkMigrations(plugins: readonly ServerPlugin[]): string[] {
  return plugins.flatMap(({ id, migrations = [] }) => {
    const names = migrations.map((migration) => migration.name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    return [...new Set(twice)].map((name) => `${id} has two migrations named ${name}`);
  });
}

/** Depth-first, in the order of the list. A cycle is reported once, as the path that closes it. */
function sortByNeeds(plugins: readonly ServerPlugin[], providerOf: (token: Token<unknown>) => ServerPlugin | undefined) {
  const order: ServerPlugin[] = [];
  const faults: string[] = [];
  const done = new Set<ServerPlugin>();
  const visit = (plugin: ServerPlugin, path: readonly ServerPlugin[]): void => {
    if (done.has(plugin)) return;
    const start = path.indexOf(plugin);
    if (start >= 0) {
      faults.push(`plugins depend on each other in a cycle: ${describeCycle([...path.slice(start), plugin])}`);
      return;
    }
    for (const token of [...(plugin.requires ?? []), ...(plugin.optional ?? [])]) {
      const provider = providerOf(token);
      if (provider) visit(provider, [...path, plugin]);
    }
    done.add(plugin);
    order.push(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  return { order, faults };
}

function describeCycle(cycle: readonly ServerPlugin[]): string {
  return cycle.map((plugin) => (plugin.provides ? `${plugin.id} (${plugin.provides.name})` : plugin.id)).join(' → ');
}
