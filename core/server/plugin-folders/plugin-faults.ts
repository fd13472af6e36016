/**
 * Finds the third-party plugin that caused an error: the one whose folder contains
 * the innermost file in the stack. When the stack names no file (as for a missing
 * program), it is the plugin that started the work.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import type { Router } from '../router.ts';
import { isWithin } from './manifest.ts';

/** One import of a plugin. */
export interface PluginLife {
  /** The absolute path of its folder. */
  readonly path: string;
  /** The suffix of its modules' URLs, `?v=…`; different for each import. */
  readonly generation: string;
}

/** Errors are wrapped a few times at most; guards against a cycle of causes. */
const DEEPEST_CAUSE = 5;

const begunBy = new AsyncLocalStorage<PluginLife>();
/** Folders of the plugins called in this process. */
const called = new Set<string>();

/** Calls a plugin, and attributes the work that it starts to it. */
export function callAs<T>({ path, generation }: PluginLife, work: () => T): T {
  called.add(path);
  return begunBy.run({ path, generation }, work);
}

/** A router that attributes the work of a plugin's handlers to the plugin. */
export function routerAs(life: PluginLife, router: Router): Router {
  return {
    implement: (routes, handlers) => {
      const own = Object.entries(handlers).map(([name, handler]) => [name, (input: never) => callAs(life, () => handler(input))]);
      router.implement(routes, Object.fromEntries(own));
    },
    mount: (prefix, access, handler) => router.mount(prefix, access, (...given) => callAs(life, () => handler(...given))),
  };
}

/** The plugin that caused an unhandled error; null when none did. Call it where the error is caught. */
export function lifeAtFault(error: unknown): PluginLife | null {
  const frames = [...framesOf(error)];
  for (const { file, generation } of frames) {
    const path = [...called].find((folder) => isWithin(folder, file));
    if (path !== undefined) return { path, generation };
  }
  return frames.length === 0 ? (begunBy.getStore() ?? null) : null;
}

/** `server.js, line 3`: the innermost place of an error within a plugin's folder; null when there is none. */
export function placeIn(folder: string, error: unknown): string | null {
  for (const { file, line } of framesOf(error)) if (isWithin(folder, file)) return `${file.slice(folder.length + 1)}, line ${line}`;
  return null;
}

/** `server.js, line 3: no wind`; the message alone when the error has no place in the folder. */
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

/** The stack frames in files, innermost first, then those of the causes. Frames in Node's own modules are skipped. */
function* framesOf(error: unknown): Generator<Frame> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < DEEPEST_CAUSE; cause = cause.cause, depth += 1)
    for (const [, file, generation = '', line] of (cause.stack ?? '').matchAll(
      /(?:\(|at |async )(file:\/\/[^\s?:)]+|\/[^\s?:)]+)(\?[^\s:)]*)?:(\d+)/g,
    ))
      yield { file: file!.startsWith('file:') ? fileURLToPath(file!) : file!, generation, line: line! };
}
