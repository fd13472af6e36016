/** Loads the browser halves of third-party plugins. Faults of one are collected, to be shown; the others are loaded. */
import type { VedPlugin } from '../app/ved-plugin.ts';
import { adoptStyle } from './plugin-style.ts';

/** Why a plugin, or a part of it, is missing; shown to the user. */
export interface PluginProblem {
  readonly id: string;
  readonly reason: string;
}

/** A module that takes longer is considered hanging. */
const LOAD_LIMIT_MS = 10_000;
/** The workspace opens without a plugin that takes longer. */
const ACTIVATE_LIMIT_MS = 5_000;

/** The plugins that could be loaded. Adds to `problems` while they are loaded, and later while they are activated. */
export async function loadForeignPlugins(
  modules: readonly { readonly id: string; readonly module: string; readonly style: string | null }[],
  problems: PluginProblem[],
): Promise<VedPlugin[]> {
  const loaded = await Promise.all(
    modules.map(async ({ id, module, style }) => {
      try {
        const parts = [import(/* @vite-ignore */ module), style === null ? null : adoptStyle(style)] as const;
        const [namespace] = await inTime(Promise.all(parts), LOAD_LIMIT_MS, 'to load');
        return pluginsOf(namespace, module).map((plugin) => watched(plugin, id, problems));
      } catch (error) {
        problems.push({ id, reason: error instanceof SyntaxError ? await syntaxFault(module, error) : reasonOf(error) });
        return [];
      }
    }),
  );
  return loaded.flat();
}

/** Those of `added` whose id and token are not taken by another plugin. */
export function withoutConflicts(plugins: readonly VedPlugin[], added: readonly VedPlugin[], problems: PluginProblem[]): VedPlugin[] {
  const ids = new Set(plugins.map(({ id }) => id));
  const tokens = new Set(plugins.flatMap(({ provides }) => provides ?? []));
  return added.filter(({ id, provides }) => {
    const taken = ids.has(id) ? `the id ${id}` : provides && tokens.has(provides) ? provides.name : null;
    if (taken !== null) problems.push({ id, reason: `another plugin of the page has ${taken}` });
    ids.add(id);
    if (provides) tokens.add(provides);
    return taken === null;
  });
}

function pluginsOf(namespace: { readonly default?: unknown }, module: string): VedPlugin[] {
  const list: unknown[] = Array.isArray(namespace.default) ? namespace.default : [namespace.default];
  for (const each of list) {
    const { id, activate } = (each ?? {}) as Partial<VedPlugin>;
    if (typeof id !== 'string' || typeof activate !== 'function')
      throw new Error(`the default export of ${nameOf(module)} must be a plugin, an object with id and activate, or a list of them`);
  }
  return list as VedPlugin[];
}

/** The plugin, with failures of its activation added to `problems`; Lumino only logs them. */
function watched(plugin: VedPlugin, id: string, problems: PluginProblem[]): VedPlugin {
  return {
    ...plugin,
    activate: async (...given: Parameters<VedPlugin['activate']>) => {
      try {
        return await inTime(plugin.activate(...given), ACTIVATE_LIMIT_MS, 'to activate');
      } catch (error) {
        problems.push({ id, reason: `${plugin.id}: ${reasonOf(error)}` });
        throw error;
      }
    },
  };
}

function inTime<T>(work: T | Promise<T>, limitMs: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`it took longer than ${limitMs / 1000} s ${what}`)), limitMs);
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(limit));
  });
}

/**
 * A syntax error of an imported module has no location. Loading the same module with a script element makes the browser
 * report the error again on `window`, with its location; the module is not fetched again.
 */
function syntaxFault(module: string, error: SyntaxError): Promise<string> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const end = (place: string) => {
      window.removeEventListener('error', onReport, true);
      script.remove();
      resolve(place + error.message);
    };
    const onReport = (event: ErrorEvent | Event) => {
      if (!(event instanceof ErrorEvent)) return;
      const file = /\/plugins\/[^/]+\/([^?]+)/.exec(event.filename)?.[1];
      if (file !== undefined && event.error instanceof SyntaxError) end(`${file}, line ${event.lineno}: `);
    };
    window.addEventListener('error', onReport, true);
    // Both events come after the report.
    script.addEventListener('load', () => end(''));
    script.addEventListener('error', () => end(''));
    script.type = 'module';
    script.src = module;
    document.head.append(script);
  });
}

/** `index.js, line 3: not today` if the stack has a location, else only the message. */
function reasonOf(error: unknown): string {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const place = /\/plugins\/[^/\s]+\/([^\s?:)]+)[^\s:)]*:(\d+)/.exec(stack.replace(message, ''));
  return place ? `${place[1]}, line ${place[2]}: ${message}` : message;
}

function nameOf(module: string): string {
  return new URL(module, window.location.href).pathname.split('/').slice(3).join('/');
}
