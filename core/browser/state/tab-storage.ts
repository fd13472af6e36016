/**
 * Keeps what the server has not confirmed yet for the next page in this tab: a
 * request sent while a page is closed may be cut off, or arrive after the first
 * request of the next page.
 */
import type { KeptValues } from './write-behind.ts';

/** Stored in the tab's session storage under `name`. A browser without storage keeps nothing. */
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
        // Storage is full or disabled: rely on the request that is being sent.
      }
    },
  };
}
