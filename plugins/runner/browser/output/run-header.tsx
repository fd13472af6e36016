/** The first line of an output panel: what ran, how it ended, and its time and memory. */
import { statusWords } from '@ved/catalog/contract';
import { RelativeTime } from '@ved/core/browser';
import { isFinal, type RunAction, type RunListItem } from '@ved/runner/contract';
import { PassLink } from '../passes/pass-link.tsx';
import { formatBytes, formatDuration, sourceWords } from '../runs/run-words.ts';
import { useNow } from '../runs/use-now.ts';

/** Milliseconds that a run has taken so far, updated while it runs. */
function useElapsed(run: RunListItem): number | null {
  const running = run.status === 'running';
  const now = useNow(running, 100);
  if (run.duration_ms !== null) return run.duration_ms;
  return running ? Math.max(0, now - new Date(run.started_at).getTime()) : null;
}

export function RunStatusBadge({ status }: { status: RunListItem['status'] }): JSX.Element {
  const { icon, word, tone } = statusWords(status);
  return (
    <span className={`ved-RunStatus ved-mod-${tone}`} data-ved-run-status={status}>
      <span aria-hidden="true">{icon}</span> {word}
    </span>
  );
}

export interface RunHeaderProps {
  readonly run: RunListItem;
  readonly canRun: boolean;
  /** Actions on runs by other plugins. */
  readonly actions: readonly RunAction[];
  onCancel(): void;
  onAgain(): void;
  onOpenPass(passId: number): void;
}

export function RunHeader({ run, canRun, actions, onCancel, onAgain, onOpenPass }: RunHeaderProps): JSX.Element {
  const elapsed = useElapsed(run);
  return (
    <div className="ved-RunHeader" data-ved-run-id={run.id}>
      <span className="ved-RunHeader-name">run {run.id}</span>
      <span>{sourceWords(run)}</span>
      {run.pass_id !== null && <PassLink passId={run.pass_id} onOpenPass={onOpenPass} />}
      {run.unsaved_test_data && <span title="The run used other test data than those saved with the script.">unsaved test data</span>}
      <RunStatusBadge status={run.status} />
      {run.exit_code !== null && run.exit_code !== 0 && <span>exit code {run.exit_code}</span>}
      {elapsed !== null && <span className="ved-RunHeader-figure">{formatDuration(elapsed)}</span>}
      {run.peak_memory_bytes !== null && (
        <span className="ved-RunHeader-figure" title="Peak memory">
          {formatBytes(run.peak_memory_bytes)}
        </span>
      )}
      <span title={whereItRan(run)}>
        {run.engine} · {run.interpreter}
      </span>
      <span>
        {run.started_by}, <RelativeTime time={run.started_at} />
      </span>
      {run.truncated && (
        <span
          className="ved-RunHeader-truncated"
          title="Only the first and the last 512 KiB of stdout and of stderr are stored. A line in the output says how much is missing."
        >
          truncated
        </span>
      )}
      {canRun && !isFinal(run.status) && (
        <button type="button" className="ved-RunHeader-button" onClick={onCancel}>
          ■ Stop
        </button>
      )}
      {canRun && isFinal(run.status) && (
        <button type="button" className="ved-RunHeader-button" onClick={onAgain} title="Run the same code with the same test data">
          ⟲ Run again
        </button>
      )}
      <ActionButtons run={run} actions={actions} />
    </div>
  );
}

export function ActionButtons({ run, actions }: { run: RunListItem; actions: readonly RunAction[] }): JSX.Element {
  return (
    <>
      {actions.map((action) => (
        <button key={action.label} type="button" className="ved-RunHeader-button" onClick={() => void action.execute(run)}>
          {action.label}
        </button>
      ))}
    </>
  );
}

/** One fact per line. */
function whereItRan(run: RunListItem): string {
  const facts = [run.isolation, run.reused && 'Its container had been used by an earlier run.', run.image_digest];
  return facts.filter(Boolean).join('\n');
}
