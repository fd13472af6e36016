/**
 * Monaco and all that is built on it, in a chunk of its own: the workspace
 * shows first, then this comes. Nothing else imports from `monaco/` or from
 * Monaco, but for types.
 */
export type MonacoParts = typeof import('./monaco/index.ts');

type Listener = (monaco: MonacoParts) => void;

let loading: Promise<MonacoParts> | null = null;
let loaded: MonacoParts | null = null;
const waiting: Listener[] = [];

/** Loads it once; a load that failed is tried again by the next caller. */
export function loadMonaco(): Promise<MonacoParts> {
  loading ??= load();
  return loading;
}

/** Calls back once it is loaded, before anybody makes an editor (when asked in time); does not load it. */
export function onMonacoLoaded(listener: Listener): void {
  if (loaded) listener(loaded);
  else waiting.push(listener);
}

async function load(): Promise<MonacoParts> {
  try {
    loaded = await import('./monaco/index.ts');
    for (const listener of waiting.splice(0)) listener(loaded);
    return loaded;
  } catch (error) {
    loading = null;
    throw error;
  }
}
