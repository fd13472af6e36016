/**
 * What *Stop the Run* stops, by where the focus is: the run of the output, the pass
 * of the panel, the script of the catalog row or of the editor. Also marks the page
 * while there is something to stop, because otherwise the key is the editor's.
 */
import type { Scripts } from '@ved/catalog/contract';
import { type ActiveRuns, isFinal, type RunListItem } from '@ved/runner/contract';
import type { RunnerPanels } from './panels.ts';

/** The attribute that the body has while the key would stop something. */
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
  const ofScript = (id: number | null) => (id === null ? null : (active.ofScript(id) ?? unlessEnded(panels.outputOf(id)?.follower.run)));
  const run = unlessEnded(output?.follower.run) ?? ofScript(scripts.focusedId) ?? ofScript(scripts.currentId) ?? lastUsed(panels);
  return run && { run };
}

function lastUsed({ currentOutput }: RunnerPanels): RunListItem | null {
  return unlessEnded(currentOutput?.follower.run);
}

function unlessEnded(run: RunListItem | null | undefined): RunListItem | null {
  return run && !isFinal(run.status) ? run : null;
}

/** Marks the page whenever `target` returns something. Call the returned function when that may have changed. */
export function markStoppable(target: () => StopTarget | null): () => void {
  const mark = () => {
    document.body.toggleAttribute(CAN_STOP, target() !== null);
  };
  document.addEventListener('focusin', mark);
  return mark;
}
