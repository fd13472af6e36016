/** Search as you type: matches in the loaded list immediately, matches in the content when the server has answered. */
import { catalogRoutes, foldForSearch, type ScriptSummary } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { useEffect, useState } from 'react';

const client = createClient(catalogRoutes);

/** Debounce: longer than between a fast typist's keys, too short to notice. */
const PAUSE_MS = 120;

/** Characters of a description that are searched here; the server searches all of it. */
const SEARCHED_HERE = 300;
const folded = new WeakMap<ScriptSummary, string>();

function foldedOf(script: ScriptSummary): string {
  const known = folded.get(script) ?? foldForSearch(`${script.descriptive_name}\n${script.description.slice(0, SEARCHED_HERE)}`);
  folded.set(script, known);
  return known;
}

function matchesHere(script: ScriptSummary, needle: string): boolean {
  const number = script.ordering_number.toFixed(2);
  return number.startsWith(needle) || foldedOf(script).includes(needle);
}

/** The scripts that match a query, in their order. An empty query matches all. */
export function useSearch(scripts: readonly ScriptSummary[], query: string): readonly ScriptSummary[] {
  const needle = foldForSearch(query.trim());
  const [found, setFound] = useState<{ needle: string; ids: ReadonlySet<number> }>({ needle: '', ids: new Set() });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed list is searched again
  useEffect(() => {
    if (needle === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.listScripts({ query: { q: needle } }, { signal: abort.signal }).then(
        (matches) => setFound({ needle, ids: new Set(matches.map((script) => script.id)) }),
        () => undefined, // local matches are shown; a lost connection has its own message
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [needle, scripts]);

  if (needle === '') return scripts;
  return scripts.filter((script) => matchesHere(script, needle) || (found.needle === needle && found.ids.has(script.id)));
}
