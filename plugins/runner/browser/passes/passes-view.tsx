/** Passes of the queue, newest first; each opens its panel. */
import { PanelError, PanelLoading, PanelMessage, RelativeTime } from '@ved/core/browser';
import type { Pass } from '@ved/runner/contract';
import { formatDuration } from '../runs/run-words.ts';
import { useNow } from '../runs/use-now.ts';
import type { PassList } from './pass-list.ts';
import { PassStatusBadge } from './pass-status-badge.tsx';
import { passDurationMs, progressWords } from './pass-words.ts';

export interface PassesViewProps {
  readonly list: PassList;
  onOpenPass(passId: number): void;
}

export function PassesView({ list, onOpenPass }: PassesViewProps): JSX.Element {
  return (
    <>
      {list.error && <PanelError what="The passes could not be loaded." error={list.error} onRetry={() => list.reload()} />}
      {!list.loaded && !list.error && <PanelLoading label="Loading the passes" />}
      {list.loaded && list.items.length === 0 && (
        <PanelMessage title="The queue has not run yet.">A pass runs every script on prod, group by group.</PanelMessage>
      )}
      <ul className="ved-Runs-list" aria-label="Passes, newest first">
        {list.items.map((pass) => (
          <PassRow key={pass.id} pass={pass} onOpen={() => onOpenPass(pass.id)} />
        ))}
      </ul>
      {list.more && (
        <button type="button" className="jp-mod-styled ved-Button ved-Runs-more" onClick={() => list.older()}>
          Older passes
        </button>
      )}
    </>
  );
}

function PassRow({ pass, onOpen }: { readonly pass: Pass; onOpen(): void }): JSX.Element {
  const now = useNow(pass.started_at !== null && pass.finished_at === null);
  const durationMs = passDurationMs(pass, now);
  return (
    <li className="ved-Runs-item">
      <button type="button" className="ved-Runs-row" onClick={onOpen} data-ved-pass-id={pass.id}>
        <span className="ved-Runs-first">
          <span className="ved-Runs-name">pass {pass.id}</span>
          <PassStatusBadge status={pass.status} />
        </span>
        <span className="ved-Runs-second">
          <span className="ved-Runs-what">{progressWords(pass.counts)}</span>
          {durationMs !== null && <span className="ved-RunHeader-figure">{formatDuration(durationMs)}</span>}
        </span>
        <span className="ved-Runs-second">
          <span className="ved-Runs-what">started by {pass.started_by}</span>
          <RelativeTime time={pass.created_at} />
        </span>
        {pass.status === 'queued' && <span className="ved-Runs-reason">{pass.reason}</span>}
      </button>
    </li>
  );
}
