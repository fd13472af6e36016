/**
 * What *Stop the Run* stops, wherever the keyboard is: the run of the output, the
 * pass of the panel, the script of the catalog's row or of the editor. Says so in
 * the page as well, because the key is only ours while there is something to stop:
 * else it is the editor's own.
 */
import type { Scripts } from '@ved/catalog/contract';
import { type ActiveRuns, isFinal, type RunListItem } from '@ved/runner/contract';
import type { RunnerPanels } from './panels.ts';

/** The attribute of the page's body while the key would stop something. */
const CAN_STOP = 'data-ved-can-stop';

export type StopTarget = { readonly run: Pick<RunListItem, 'id' | 'started_by' | 'pass_id'> } | { readonly passId: number };

export interface StopParts {
  readonly active: ActiveRuns;
  readonly panels: RunnerPanels;
  readonly scripts: Scripts;
}

/** Null when there is nothing to stop. */
export function stopTarget({ active, panels, scripts }: StopParts): StopTarget | null {
  const focused = document.activeElement;
  const pass = panels.passWith(focused);
  if (pass) return { passId: pass.passId };
  const output = panels.outputWith(focused);
  const ofScript = (id: number | null) => (id === null ? null : (active.ofScript(id) ?? underWay(panels.outputOf(id)?.follower.run)));
  const run = underWay(output?.follower.run) ?? ofScript(scripts.focusedId) ?? ofScript(scripts.currentId) ?? lastUsed(panels);
  return run && { run };
}

function lastUsed({ currentOutput }: RunnerPanels): RunListItem | null {
  return underWay(currentOutput?.follower.run);
}

function underWay(run: RunListItem | null | undefined): RunListItem | null {
  return run && !isFinal(run.status) ? run : null;
}

/** Keeps the page's word on it, as `target` says. What may change it calls what this returns. */
export function markWhatCanBeStopped(target: () => StopTarget | null): () => void {
  const mark = () => {
    document.body.toggleAttribute(CAN_STOP, target() !== null);
  };
  document.addEventListener('focusin', mark);
  return mark;
}
