/** Says that the script has run again, with a link: what someone is reading is never replaced. */
import { RelativeTime } from '@ved/core/browser';
import type { RunListItem } from '@ved/runner/contract';
import { sourceWords } from '../runs/run-words.ts';
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
