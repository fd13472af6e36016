/**
 * Whose fault an error is: the innermost file in its stack that lies in the
 * folder of a plugin by others. Of an error whose stack names no file, as that of
 * a program that is missing, it is the plugin that began the work.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import type { Router } from '../router.ts';
import { isWithin } from './manifest.ts';

/** A plugin as it was imported once. */
export interface PluginLife {
  /** Of its folder; absolute. */
  readonly path: string;
  /** What the addresses of its modules end with, `?v=…`: another at each import. */
  readonly generation: string;
}

/** Errors are wrapped a few times at most; a circle of causes would never end. */
const DEEPEST_CAUSE = 5;

const begunBy = new AsyncLocalStorage<PluginLife>();
/** Folders of the plugins that were called in this process. */
const called = new Set<string>();

/** Calls a plugin, so that what it begins there is known as its work. */
export function callAs<T>({ path, generation }: PluginLife, work: () => T): T {
  called.add(path);
  return begunBy.run({ path, generation }, work);
}

/** Has what the handlers of a plugin begin known as its work. */
export function routerAs(life: PluginLife, router: Router): Router {
  return {
    implement: (routes, handlers) => {
      const own = Object.entries(handlers).map(([name, handler]) => [name, (input: never) => callAs(life, () => handler(input))]);
      router.implement(routes, Object.fromEntries(own));
    },
    mount: (prefix, access, handler) => router.mount(prefix, access, (...given) => callAs(life, () => handler(...given))),
  };
}

/** Which plugin an error belongs to that nothing handled; null when it is none's. To be asked where the error is caught. */
export function lifeAtFault(error: unknown): PluginLife | null {
  const frames = [...framesOf(error)];
  for (const { file, generation } of frames) {
    const path = [...called].find((folder) => isWithin(folder, file));
    if (path !== undefined) return { path, generation };
  }
  return frames.length === 0 ? (begunBy.getStore() ?? null) : null;
}

/** `server.js, line 3`: the innermost place of an error within a plugin's folder; null when it names none. */
export function placeIn(folder: string, error: unknown): string | null {
  for (const { file, line } of framesOf(error)) if (isWithin(folder, file)) return `${file.slice(folder.length + 1)}, line ${line}`;
  return null;
}

/** `server.js, line 3: no wind`; without the place where the error names none in the folder. */
export function reasonIn(folder: string, error: unknown): string {
  const place = placeIn(folder, error);
  return place === null ? messageOf(error) : `${place}: ${messageOf(error)}`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Frame {
  readonly file: string;
  readonly generation: string;
  readonly line: string;
}

/** Those in files, the innermost first; then those of the error's causes. Node's own modules are no files. */
function* framesOf(error: unknown): Generator<Frame> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < DEEPEST_CAUSE; cause = cause.cause, depth += 1)
    for (const [, file, generation = '', line] of (cause.stack ?? '').matchAll(
      /(?:\(|at |async )(file:\/\/[^\s?:)]+|\/[^\s?:)]+)(\?[^\s:)]*)?:(\d+)/g,
    ))
      yield { file: file!.startsWith('file:') ? fileURLToPath(file!) : file!, generation, line: line! };
}
