/** The state of the log: the filter, the page, and navigation to other pages. */
import { createClient, type LiveEvents, type Loaded, useLoaded } from '@ved/core/browser';
import { useCallback, useEffect, useState } from 'react';
import { INTERACTIONS_PAGE_SIZE, type Interaction, interactionLogged, llmRoutes } from '../../contract/index.ts';

const client = createClient(llmRoutes);

/** Several interactions close together load the page once. */
const QUIET_MS = 300;

export interface LogFilter {
  readonly script: number | undefined;
  readonly user: string | undefined;
}

const EVERYTHING: LogFilter = { script: undefined, user: undefined };

export interface Log {
  readonly filter: LogFilter;
  readonly isFiltered: boolean;
  readonly page: Loaded<Interaction[]> & { readonly reload: () => void };
  /** Undefined on the newest page. */
  readonly newer: (() => void) | undefined;
  /** Undefined on the oldest page. */
  readonly older: (() => void) | undefined;
  setFilter(filter: LogFilter): void;
  clearFilter(): void;
}

/** Starts with the newest interactions, or with the `wanted` one. */
export function useLog(events: LiveEvents, wanted: number | null): Log {
  const [filter, setFilter] = useState(EVERYTHING);
  // The start of each page after the newest, up to the one shown.
  const [starts, setStarts] = useState<readonly number[]>(wanted === null ? [] : [wanted + 1]);
  const before = starts.at(-1);
  const load = useCallback((signal: AbortSignal) => client.interactions({ query: { ...filter, before } }, { signal }), [filter, before]);
  const page = useLoaded(load);
  useReloadWhenLogged(events, page.reload, before === undefined);
  const rows = page.state === 'ready' ? page.value : [];
  const choose = (next: LogFilter) => {
    setFilter(next);
    setStarts([]);
  };
  return {
    filter,
    isFiltered: filter.script !== undefined || filter.user !== undefined,
    page,
    newer: starts.length > 0 ? () => setStarts(starts.slice(0, -1)) : undefined,
    older: rows.length === INTERACTIONS_PAGE_SIZE ? () => setStarts([...starts, rows.at(-1)!.id]) : undefined,
    setFilter: choose,
    clearFilter: () => choose(EVERYTHING),
  };
}

/** The newest page is kept up to date; older ones do not change. */
function useReloadWhenLogged(events: LiveEvents, reload: () => void, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(reload, QUIET_MS);
    };
    const subscription = events.on(interactionLogged, soon);
    events.resumed.connect(soon);
    return () => {
      clearTimeout(timer);
      subscription.dispose();
      events.resumed.disconnect(soon);
    };
  }, [events, reload, active]);
}
