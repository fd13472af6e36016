/**
 * Finds third-party plugins: the folders below `plugins/` of the data folder, and
 * plugins in development elsewhere. Each fault is reported for the plugin that has
 * it. Of its code, only the import of the server half runs.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Token } from '@lumino/coreutils';
import pTimeout from 'p-timeout';
import type { ServerPlugin } from '../plugin.ts';
import { type HostModules, shareHostModules } from './host-modules.ts';
import { PluginFault, type PluginManifest, readManifest } from './manifest.ts';
import { callAs, messageOf, placeIn } from './plugin-faults.ts';

/** A plugin found in a folder. */
export interface FoundPlugin {
  /** Its name below `plugins/`; its path when it is developed elsewhere. */
  readonly folder: string;
  /** Absolute. */
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly hasServer: boolean;
  /** The absolute path of the browser half's folder, whose files are served; null when there is none. */
  readonly browserDir: string | null;
  /** The module of that half, below it. */
  readonly browserEntry: string | null;
  /** Its style sheet, below it too; with `/` between folders. */
  readonly browserStyle: string | null;
  /** What the host starts; does nothing when there is only a browser half. Null when `fault` says why it cannot be loaded. */
  readonly plugin: ServerPlugin | null;
  readonly fault: string | null;
  /** Changes when any of its files changes. */
  readonly stamp: string;
  /** The suffix of the URLs of its server modules; different for each load. */
  readonly generation: string;
}

export interface PluginFoldersOptions {
  /** Absolute; need not exist. */
  readonly dir: string;
  /** The absolute folders of plugins in development. They take precedence over installed copies. */
  readonly developed?: readonly string[];
  /** ved's own version. */
  readonly host: string;
  readonly modules: HostModules;
  readonly importLimitMs?: number;
}

/** An import that takes longer most likely hangs. */
const IMPORT_LIMIT_MS = 10_000;
/** The most files of a plugin whose times are checked. */
const MOST_FILES = 2_000;
/** The most modules that are checked for a syntax error, and the time limit for each. */
const MOST_CHECKED = 50;
const CHECK_LIMIT_MS = 5_000;

export class PluginFolders {
  constructor(private readonly options: PluginFoldersOptions) {}

  /** Scans every folder, in order of name. Plugins in `known` whose files are unchanged are reused. */
  async scan(known: readonly FoundPlugin[] = []): Promise<FoundPlugin[]> {
    const developed = await this.developedPaths();
    const installed = (await this.installed()).filter(({ path }) => !developed.includes(path));
    for (const path of developed) shareHostModules(path, this.options.modules);
    const found: FoundPlugin[] = [];
    for (const { folder, path, isLink } of [...developed.map((path) => ({ folder: path, path, isLink: false })), ...installed]) {
      const stamp = await stampOf(path);
      const before = known.find((each) => each.folder === folder && each.stamp === stamp && each.fault === null);
      found.push(before ?? (await this.look(folder, path, stamp, isLink)));
    }
    return found;
  }

  /** The real paths of the plugins in development. */
  developedPaths(): Promise<string[]> {
    return Promise.all((this.options.developed ?? []).map((path) => realpath(path).catch(() => path)));
  }

  /** Changes when any file of a plugin in development changes. */
  async developedStamp(): Promise<string> {
    return (await Promise.all((this.options.developed ?? []).map(stampOf))).join();
  }

  private async installed(): Promise<{ folder: string; path: string; isLink: boolean }[]> {
    const dir = await realpath(this.options.dir).catch(() => null);
    if (dir === null) return [];
    const entries = await readdir(dir, { withFileTypes: true });
    const folders = entries.filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !/^[._]|^node_modules$/.test(entry.name));
    if (folders.length > 0) shareHostModules(dir, this.options.modules);
    return folders
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => ({ folder: entry.name, path: join(dir, entry.name), isLink: entry.isSymbolicLink() }));
  }

  private async look(name: string, folder: string, stamp: string, isLink: boolean): Promise<FoundPlugin> {
    const nothing = {
      folder: name,
      path: folder,
      id: name,
      name,
      version: '',
      hasServer: false,
      browserDir: null,
      browserEntry: null,
      browserStyle: null,
      stamp,
      generation: `?v=${stamp}-${++imports}`,
    };
    let manifest: PluginManifest;
    try {
      if (isLink) throw new PluginFault('It is a symbolic link. Put the folder itself below plugins/.');
      manifest = await readManifest(folder, this.options.host);
    } catch (error) {
      return { ...nothing, plugin: null, fault: faultOf(error) };
    }
    const { id, version, server, browser, style } = manifest;
    const browserDir = browser && join(browser, '..');
    const described = {
      ...nothing,
      id,
      name: manifest.name,
      version,
      hasServer: server !== null,
      browserDir,
      browserEntry: browser && basename(browser),
      browserStyle: browserDir && style && relative(browserDir, style).replaceAll(sep, '/'),
    };
    try {
      const half = server === null ? null : await this.load(described, server);
      return { ...described, plugin: { ...half, id, required: false, browser: browser !== null }, fault: null };
    } catch (error) {
      return { ...described, plugin: null, fault: faultOf(error) };
    }
  }

  private async load(found: Pick<FoundPlugin, 'path' | 'id' | 'generation'>, file: string): Promise<ServerPlugin> {
    const { importLimitMs = IMPORT_LIMIT_MS } = this.options;
    const { path: folder, id } = found;
    const address = pathToFileURL(file).href + found.generation;
    const shown = file.slice(folder.length + 1);
    let module: { readonly default?: unknown };
    try {
      const message = `its import took longer than ${importLimitMs / 1000} s`;
      module = await pTimeout(
        callAs(found, () => import(address) as Promise<{ default?: unknown }>),
        { milliseconds: importLimitMs, message },
      );
    } catch (error) {
      const place = placeIn(folder, error) ?? (error instanceof SyntaxError ? ((await syntaxErrorIn(folder))?.place ?? null) : null);
      throw new PluginFault(`${place ?? shown}: ${messageOf(error)}`, { cause: error });
    }
    return checkPlugin(module.default, id, shown);
  }
}

/** Distinguishes imports of the same file. */
let imports = 0;

/** Checks a default export at run time, since its author need not use the types. */
function checkPlugin(value: unknown, id: string, file: string): ServerPlugin {
  const fault = (what: string): PluginFault => new PluginFault(`${file}: ${what}.`);
  if (typeof value !== 'object' || value === null) throw fault('its default export must be a plugin, an object with id and start');
  const plugin = value as Partial<Record<keyof ServerPlugin, unknown>>;
  if (plugin.id !== id)
    throw fault(`the id of its default export is ${JSON.stringify(plugin.id)}, and that of the manifest ${JSON.stringify(id)}`);
  if (typeof plugin.start !== 'function') throw fault('its default export has no function start');
  for (const member of ['requires', 'optional'] as const) {
    const tokens = plugin[member];
    if (tokens !== undefined && !(Array.isArray(tokens) && tokens.every((token) => token instanceof Token)))
      throw fault(`${member} must be a list of tokens; import them from the contract of the plugin that provides them`);
  }
  if (plugin.provides !== undefined && !(plugin.provides instanceof Token)) throw fault('provides must be a token');
  if (plugin.migrations !== undefined && !(Array.isArray(plugin.migrations) && plugin.migrations.every(isMigration)))
    throw fault('migrations must be a list of { name, up, down }');
  if (plugin.settings !== undefined && (typeof plugin.settings !== 'object' || plugin.settings === null))
    throw fault('settings must be what defineSettings returns');
  return value as ServerPlugin;
}

function isMigration(value: unknown): boolean {
  const { name, up, down } = (value ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof up === 'function' && typeof down === 'function';
}

function faultOf(error: unknown): string {
  return error instanceof PluginFault ? error.message : messageOf(error);
}

/** The first syntax error in a folder's modules. V8's error has no position, but `node --check` prints one. */
export async function syntaxErrorIn(folder: string): Promise<{ readonly place: string; readonly message: string } | null> {
  for (const file of (await filesOf(folder)).filter((each) => /\.m?js$/.test(each)).slice(0, MOST_CHECKED)) {
    const complaint = await new Promise<string>((resolve) =>
      execFile(process.execPath, ['--check', file], { timeout: CHECK_LIMIT_MS }, (_, __, stderr) => resolve(stderr)),
    );
    const line = /:(\d+)\n/.exec(complaint);
    const message = /^SyntaxError: (.*)$/m.exec(complaint);
    if (line && message) return { place: `${file.slice(folder.length + 1)}, line ${line[1]}`, message: message[1]! };
  }
  return null;
}

/** Changes when the name, size or time of any file changes. */
async function stampOf(folder: string): Promise<string> {
  const parts: string[] = [];
  for (const file of await filesOf(folder)) {
    const stats = await stat(file).catch(() => null);
    parts.push(`${file.slice(folder.length)} ${stats?.size} ${stats?.mtimeMs}`);
  }
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

/** All files except those of packages, in order of name. */
async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (dir: string): Promise<void> => {
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (files.length >= MOST_FILES || entry.name === 'node_modules' || entry.name === '.git') continue;
      const path = join(dir, entry.name);
      if (entry.isDirectory()) await walk(path);
      else files.push(path);
    }
  };
  await walk(folder);
  return files;
}
