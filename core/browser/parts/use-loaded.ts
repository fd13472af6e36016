/** Loading something for a component: its states, its retry, and what is still under way when the component goes. */
import { useCallback, useEffect, useState } from 'react';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * Calls `load` when the component appears and whenever `load` itself changes
 * (give it by `useCallback`), and again by `reload`. While it loads again the
 * last value stays.
 */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> & { readonly reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads again although nothing else changed
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
