/**
 * Lets third-party plugins import ved's own modules and get the server's
 * instances, so that tokens match: a hook of Node's module loader resolves these
 * names when a file below the plugins folder imports them.
 */
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A module as `import *` returns it. */
export type ModuleNamespace = Readonly<Record<string, unknown>>;
/** Modules by the name that a plugin imports. */
export type HostModules = Readonly<Record<string, ModuleNamespace>>;

const REGISTRY = Symbol.for('ved.host-modules');

/** Source text, because it runs in the loader's own thread; one instance serves every folder. A generation in a module's URL is passed on to its imports, because otherwise Node would not read a changed file again. */
const HOOKS = `
const folders = [], exportsOf = {};
export function initialize(data) { folders.push(data.folder); Object.assign(exportsOf, data.exportsOf); }
const isPlugin = (url) => folders.some((folder) => url.startsWith(folder));
export async function resolve(specifier, context, next) {
  const parent = context.parentURL ?? '';
  if (!isPlugin(parent)) return next(specifier, context);
  if (exportsOf[specifier]) return { url: 'ved-host:' + specifier, format: 'module', shortCircuit: true };
  const found = await next(specifier, context);
  const generation = new URL(parent).search;
  return generation && isPlugin(found.url) && !found.url.includes('?') ? { ...found, url: found.url + generation } : found;
}
export async function load(url, context, next) {
  if (!url.startsWith('ved-host:')) return next(url, context);
  const name = url.slice('ved-host:'.length);
  // Names of exports may be reserved words, as some of zod's are.
  const lines = exportsOf[name].map((each, index) => 'const _' + index + ' = host[' + JSON.stringify(each) + ']; export { _' + index + ' as ' + JSON.stringify(each) + ' };');
  const source = 'const host = globalThis[Symbol.for("ved.host-modules")].get(' + JSON.stringify(name) + ');\\n' + lines.join('\\n');
  return { format: 'module', source, shortCircuit: true };
}
`;

/** The folders with registered hooks; a hook stays for the life of the process. */
const registered = new Set<string>();

/** Makes these modules importable for all files below `dir`, which must be a real path. */
export function shareHostModules(dir: string, modules: HostModules): void {
  const folder = `${pathToFileURL(dir).href}/`;
  if (registered.has(folder)) return;
  registered.add(folder);
  const host = globalThis as { [REGISTRY]?: Map<string, ModuleNamespace> };
  host[REGISTRY] ??= new Map();
  const exportsOf: Record<string, string[]> = {};
  for (const [name, namespace] of Object.entries(modules)) {
    host[REGISTRY].set(name, namespace);
    exportsOf[name] = Object.keys(namespace);
  }
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { parentURL: import.meta.url, data: { folder, exportsOf } });
}
