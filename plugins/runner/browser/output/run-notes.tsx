/** Says that the script has run again, with a link: what someone is reading is never replaced. */
import type { LiveEvents } from '@ved/core/browser';
import { RelativeTime } from '@ved/core/browser';
import type { RunListItem } from '@ved/runner/contract';
import { type HeldTail, plainText } from '@ved/runner/contract';
import { useEngines } from '../engines/use-engines.ts';
import { LogLines } from '../log/log-lines.ts';
import { WithPassLinks } from '../passes/pass-link.tsx';
import { formatBytes, sourceWords } from '../runs/run-words.ts';
import { RunStatusBadge } from './run-header.tsx';

export function NewerRun({ run, onShow }: { readonly run: RunListItem; onShow(): void }): JSX.Element {
  return (
    <div className="ved-NewerRun" role="status">
      <span>
        There is a newer run: run {run.id}, {sourceWords(run)}
        {run.pass_id !== null && `, in pass ${run.pass_id}`}, <RunStatusBadge status={run.status} />, <RelativeTime time={run.started_at} />
      </span>
      <button type="button" className="ved-RunHeader-button" onClick={onShow}>
        Show run {run.id}
      </button>
    </div>
  );
}

interface WaitingNoteProps {
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

const SHOWN_LINES = 5;

export function HeldNote({ tail }: { readonly tail: HeldTail }): JSX.Element {
  const lines = new LogLines();
  lines.append('stdout', tail.latest);
  const first = Math.max(0, lines.length - SHOWN_LINES);
  const latest = Array.from({ length: lines.length - first }, (_, index) => plainText(lines.at(first + index)!.text));
  return (
    <section className="ved-HeldNote" aria-label="Latest output">
      <p>The log above is full. {formatBytes(tail.bytes)} more so far; the end is shown when the run ends. Latest lines:</p>
      <pre>{latest.join('\n')}</pre>
    </section>
  );
}

export function EngineLimits({ live }: { readonly live: LiveEvents }): JSX.Element | null {
  const active = useEngines(live)?.engines.find((engine) => engine.active);
  if (!active) return null;
  return (
    <>
      Scripts run on {active.id}, {active.interpreter}:
      <ul className="ved-EngineLimits" aria-label={`Limits of ${active.id}`}>
        {active.limitations.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </>
  );
}
