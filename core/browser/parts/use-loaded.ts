/** Loads something for a component: its states, retrying, and aborting when the component is removed. */
import { useCallback, useEffect, useState } from 'react';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * Calls `load` when the component appears and whenever `load` itself changes
 * (wrap it in `useCallback`), and again on `reload`. The last value stays while
 * it reloads.
 */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> & { readonly reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads again even if nothing else changed
  useEffect(() => {
    const ended = new AbortController();
    const settle = (next: Loaded<T>) => {
      if (!ended.signal.aborted) setLoaded(next);
    };
    load(ended.signal).then(
      (value) => settle({ state: 'ready', value }),
      (error: unknown) => settle({ state: 'failed', error }),
    );
    return () => ended.abort();
  }, [load, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...loaded, reload };
}
