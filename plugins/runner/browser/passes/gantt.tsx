/** A pass on a time axis: a lane per group, a bar per script, as wide as the run took. */

import { statusWords } from '@ved/catalog/contract';
import { isFinal, type PassRun } from '@ved/runner/contract';
import { formatDuration } from '../runs/run-words.ts';
import type { PassGroup } from './pass-follower.ts';

export interface GanttProps {
  readonly groups: readonly PassGroup[];
  readonly axis: { from: number; to: number };
  /** Which version ran, and the one on prod if that differs. */
  versionOf(run: PassRun): string;
  onOpen(runId: number): void;
}

export function Gantt({ groups, axis, versionOf, onOpen }: GanttProps): JSX.Element {
  return (
    <div className="ved-Gantt">
      {groups.map(({ group, runs }) => (
        <section key={group} className="ved-Gantt-lane" aria-label={`Group ${group}`}>
          <h3>
            {group}
            {runs.length > 1 && <span title={`${runs.length} scripts that run in parallel`}> ∥ {runs.length}</span>}
          </h3>
          <div className="ved-Gantt-rows">
            {runs.map((run) => (
              <GanttRow key={run.id} run={run} version={versionOf(run)} span={spanOf(run, axis)} onOpen={onOpen} />
            ))}
          </div>
        </section>
      ))}
      <div className="ved-Gantt-axis" aria-hidden="true">
        <span>0</span>
        <span>{formatDuration(axis.to - axis.from)}</span>
      </div>
    </div>
  );
}

interface GanttRowProps {
  readonly run: PassRun;
  readonly version: string;
  readonly span: Span | null;
  onOpen(runId: number): void;
}

function GanttRow({ run, version, span, onOpen }: GanttRowProps): JSX.Element {
  const { icon, word, tone } = statusWords(run.status);
  const name = `${run.ordering_number.toFixed(2)} ${run.descriptive_name}`;
  return (
    <button
      type="button"
      className="ved-Gantt-row"
      onClick={() => onOpen(run.id)}
      title={[`${name}, ${version}: show the output`, run.error_line].filter(Boolean).join('\n')}
    >
      <span className="ved-Gantt-name">{name}</span>
      <span className="ved-Pass-version">{version}</span>
      <span className="ved-Gantt-track">
        {span && (
          <span
            className={`ved-Gantt-bar ved-mod-${tone}`}
            style={{ left: `${span.from * 100}%`, width: `max(3px, ${span.width * 100}%)` }}
          />
        )}
      </span>
      <span className={`ved-RunStatus ved-mod-${tone}`} data-ved-run-status={run.status}>
        <span aria-hidden="true">{icon}</span> {word}
      </span>
      <span className="ved-Gantt-time">{run.duration_ms === null ? '' : formatDuration(run.duration_ms)}</span>
    </button>
  );
}

interface Span {
  /** Fractions of the whole axis. */
  readonly from: number;
  readonly width: number;
}

/** `axis` in milliseconds since 1970; null when the run has not started. */
export function spanOf(run: Pick<PassRun, 'status' | 'started_at' | 'finished_at'>, axis: { from: number; to: number }): Span | null {
  if (run.status === 'queued' || (run.finished_at === null && isFinal(run.status))) return null;
  const from = Date.parse(run.started_at);
  const to = run.finished_at === null ? axis.to : Date.parse(run.finished_at);
  const length = Math.max(1, axis.to - axis.from);
  const start = Math.min(1, Math.max(0, (from - axis.from) / length));
  return { from: start, width: Math.min(1 - start, Math.max(0, (to - from) / length)) };
}
