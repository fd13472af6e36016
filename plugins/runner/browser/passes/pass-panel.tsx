/** One pass of the queue: how far it is, what failed, and its lanes. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { fastForwardIcon } from '@jupyterlab/ui-components';
import { PanelError, PanelLoading, RelativeTime } from '@ved/core/browser';
import { isFinal, type Pass, type PassRun } from '@ved/runner/contract';
import { useEffect, useState } from 'react';
import { RunStatusBadge } from '../output/run-header.tsx';
import { formatDuration } from '../runs/run-words.ts';
import { Gantt } from './gantt.tsx';
import type { PassFollower } from './pass-follower.ts';

export interface PassPanelOptions {
  readonly follower: PassFollower;
  readonly canRun: boolean;
  onOpenRun(runId: number): void;
  onCancel(passId: number): void;
}

export class PassPanel extends ReactWidget {
  constructor(private readonly options: PassPanelOptions) {
    super();
    const { passId } = options.follower;
    this.id = `ved-pass-${passId}`;
    this.addClass('ved-Pass');
    this.title.label = `Pass ${passId}`;
    this.title.caption = `Pass ${passId} of the queue`;
    this.title.icon = fastForwardIcon;
    this.title.closable = true;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', `Pass ${passId}`);
    this.node.tabIndex = -1;
  }

  get passId(): number {
    return this.options.follower.passId;
  }

  override dispose(): void {
    this.options.follower.dispose();
    super.dispose();
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }

  protected override render(): JSX.Element {
    const { follower } = this.options;
    return <UseSignal signal={follower.changed}>{() => <PassView {...this.options} pass={follower.pass} />}</UseSignal>;
  }
}

const PASS_WORDS: Record<Pass['status'], string> = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Success',
  failed: 'Some failed',
  cancelled: 'Cancelled',
  engine_error: 'Engine failed',
};

/** The present moment, moving while something runs. */
function useNow(moving: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [moving]);
  return now;
}

function PassView({ follower, pass, canRun, onOpenRun, onCancel }: PassPanelOptions & { pass: Pass | null }): JSX.Element {
  const under = pass !== null && pass.finished_at === null;
  const now = useNow(under);
  if (follower.error) return <PanelError what={`Pass ${follower.passId} could not be shown.`} error={follower.error} />;
  if (!pass) return <PanelLoading label={`Loading pass ${follower.passId}`} />;
  const { groups } = follower;
  const runs = groups.flatMap((group) => group.runs);
  const failed = runs.filter((run) => isFinal(run.status) && run.status !== 'succeeded');
  const from = Date.parse(pass.started_at ?? pass.created_at);
  const to = pass.finished_at ? Date.parse(pass.finished_at) : Math.max(now, from + 1);
  return (
    <>
      <div className="ved-RunHeader" data-ved-pass-status={pass.status}>
        <span className="ved-RunHeader-name">pass {pass.id}</span>
        <span>{PASS_WORDS[pass.status]}</span>
        <span className="ved-RunHeader-figure">
          {pass.counts.finished} of {pass.counts.total} done{pass.counts.failed > 0 ? `, ${pass.counts.failed} failed` : ''}
        </span>
        {pass.started_at && <span className="ved-RunHeader-figure">{formatDuration(to - from)}</span>}
        <span>
          {pass.started_by}, <RelativeTime time={pass.created_at} />
        </span>
        {canRun && under && (
          <button type="button" className="ved-RunHeader-button" onClick={() => onCancel(pass.id)}>
            ■ Stop
          </button>
        )}
      </div>
      <progress
        className="ved-Pass-progress"
        aria-label="Progress of the pass"
        max={Math.max(1, pass.counts.total)}
        value={pass.counts.finished}
      />
      {pass.reason && <p className="ved-Output-note">{pass.reason}</p>}
      {pass.counts.total === 0 && <p className="ved-Output-note">No script is on prod yet: merge one, and the queue runs it.</p>}
      {failed.length > 0 && <Failures runs={failed} onOpen={onOpenRun} />}
      <Gantt groups={groups} axis={{ from, to }} onOpen={onOpenRun} />
    </>
  );
}

function Failures({ runs, onOpen }: { runs: readonly PassRun[]; onOpen(runId: number): void }): JSX.Element {
  return (
    <ul className="ved-Pass-failures" aria-label="What failed">
      {runs.map((run) => (
        <li key={run.id}>
          <button type="button" className="ved-RunHeader-button" onClick={() => onOpen(run.id)}>
            {run.ordering_number.toFixed(2)} {run.descriptive_name}
          </button>{' '}
          <RunStatusBadge status={run.status} />
          {run.reason && <span> {run.reason}</span>}
        </li>
      ))}
    </ul>
  );
}
