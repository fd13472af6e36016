/** A script's queued or running run, in the script's row of the catalog. */
import { type RowBadge, type RowBadges, statusWords } from '@ved/catalog/contract';
import type { ActiveRuns } from '@ved/runner/contract';
import { whoseRun } from './active-words.ts';

/** `stop` is null for people who may not stop runs. */
export function activeBadges(active: ActiveRuns, stop: ((runId: number) => void) | null): RowBadges {
  return {
    changed: active.activeChanged,
    of: (scriptId): RowBadge | null => {
      const run = active.ofScript(scriptId);
      if (!run) return null;
      const words = statusWords(run.status);
      const whose = whoseRun(run);
      return {
        ...words,
        word: run.pass_id === null ? words.word : `${words.word} in pass ${run.pass_id}`,
        title: `${words.word}: ${whose}`,
        spoken: `${run.status}, ${whose}`,
        replacesLastRun: true,
        ...(stop && { action: { icon: '■', title: `Stop ${whose} (Ctrl+.)`, execute: () => stop(run.id) } }),
      };
    },
  };
}
