/** Says what a run is waiting for: its turn, an earlier pass, or an engine. */
import type { LiveEvents } from '@ved/core/browser';
import type { RunListItem } from '@ved/runner/contract';
import { useEngines } from '../engines/use-engines.ts';
import { WithPassLinks } from '../passes/pass-link.tsx';

export interface WaitingNoteProps {
  readonly run: RunListItem;
  readonly live: LiveEvents;
  onOpenPass(passId: number): void;
}

export function WaitingNote({ run, live, onOpenPass }: WaitingNoteProps): JSX.Element {
  const engines = useEngines(live);
  const missing = engines !== null && engines.active === null;
  const turn = run.pass_id === null ? 'Waiting for its turn.' : `Waiting for its turn in pass ${run.pass_id}.`;
  return (
    <p className="ved-Output-note" role="status">
      <WithPassLinks text={run.reason ?? (missing ? `Waiting for an engine. ${engines.why}` : turn)} onOpenPass={onOpenPass} />
    </p>
  );
}
