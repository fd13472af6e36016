/**
 * What the server has not confirmed yet, kept for the next page of this tab: a
 * request that is sent while a page is left may be overtaken by the first
 * question of the page that follows, or be cut off.
 */
import type { KeptValues } from './write-behind.ts';

/** Kept in the tab's own storage under `name`. A browser without storage keeps nothing. */
export function tabStorage<V>(name: string): KeptValues<V> {
  return {
    read: () => {
      try {
        return new Map(Object.entries(JSON.parse(sessionStorage.getItem(name) ?? '{}') as Record<string, V>));
      } catch {
        return new Map();
      }
    },
    keep: (values) => {
      try {
        if (values.size === 0) sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(values)));
      } catch {
        // Full, or forbidden: the request that is on its way has to do.
      }
    },
  };
}
