/** Search as one types: what the page knows at once, what only the server knows (the content) a moment later. */
import { catalogRoutes, foldForSearch, type ScriptSummary } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { useEffect, useState } from 'react';

const client = createClient(catalogRoutes);

/** Long enough to swallow a quick typist's keys, short enough not to be felt. */
const PAUSE_MS = 120;

/** Of a description; in the rest of it the server looks. */
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed list is searched anew
  useEffect(() => {
    if (needle === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.listScripts({ query: { q: needle } }, { signal: abort.signal }).then(
        (matches) => setFound({ needle, ids: new Set(matches.map((script) => script.id)) }),
        () => undefined, // what the page knows is shown; a lost server says so itself
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
