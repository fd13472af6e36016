/**
 * Loads Monaco and everything built on it as a separate chunk, after the
 * workspace is shown. Nothing else imports from `monaco/` or from Monaco, except
 * types.
 */
export type MonacoParts = typeof import('./monaco/index.ts');

type Listener = (monaco: MonacoParts) => void;

let loading: Promise<MonacoParts> | null = null;
let loaded: MonacoParts | null = null;
const waiting: Listener[] = [];

/** Loads it once; after a failure the next caller tries again. */
export function loadMonaco(): Promise<MonacoParts> {
  loading ??= load();
  return loading;
}

/** Calls back once it is loaded, before any editor is created (when registered in time); does not load it. */
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
