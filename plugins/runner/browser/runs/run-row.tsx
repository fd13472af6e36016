/** One run in the list: what ran, how it ended, and its pass. */
import { fileIcon } from '@jupyterlab/ui-components';
import { RelativeTime } from '@ved/core/browser';
import type { RunListItem } from '@ved/runner/contract';
import { RunStatusBadge } from '../output/run-header.tsx';
import { PassLink } from '../passes/pass-link.tsx';
import { countWords, formatDuration, sourceWords } from './run-words.ts';

export interface RunRowProps {
  readonly run: RunListItem;
  readonly name: string;
  /** Selected for comparison. */
  readonly chosen: boolean;
  onToggle(): void;
  onOpen(): void;
  onOpenPass(passId: number): void;
}

export function RunRow({ run, name, chosen, onToggle, onOpen, onOpenPass }: RunRowProps): JSX.Element {
  return (
    <li className="ved-Runs-item">
      <input type="checkbox" aria-label={`Select run ${run.id} to compare`} checked={chosen} onChange={onToggle} />
      <button type="button" className="ved-Runs-row" onClick={onOpen} data-ved-run-id={run.id}>
        <span className="ved-Runs-first">
          <span className="ved-Runs-name">{name}</span>
          {run.file_count > 0 && <FileCount count={run.file_count} />}
          <RunStatusBadge status={run.status} />
        </span>
        <span className="ved-Runs-second">
          <span className="ved-Runs-what">
            run {run.id} · {sourceWords(run)}
          </span>
          <span>
            {run.duration_ms === null ? '' : `${formatDuration(run.duration_ms)} · `}
            <RelativeTime time={run.started_at} />
          </span>
        </span>
      </button>
      {run.pass_id !== null && <PassLink passId={run.pass_id} onOpenPass={onOpenPass} />}
    </li>
  );
}

function FileCount({ count }: { readonly count: number }): JSX.Element {
  const words = countWords(count, 'file');
  return (
    <span className="ved-Runs-files" role="img" aria-label={words} title={words}>
      <fileIcon.react tag="span" width="12px" height="12px" />
      {count}
    </span>
  );
}
