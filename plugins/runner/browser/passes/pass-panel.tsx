/** One pass of the queue: its progress, what failed, and its lanes. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { fastForwardIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Catalog } from '@ved/catalog/contract';
import { PanelError, PanelLoading, RelativeTime } from '@ved/core/browser';
import { isFinal, type Pass, type PassRun } from '@ved/runner/contract';
import { RunStatusBadge } from '../output/run-header.tsx';
import { formatDuration } from '../runs/run-words.ts';
import { useNow } from '../runs/use-now.ts';
import { Gantt } from './gantt.tsx';
import type { PassFollower } from './pass-follower.ts';
import { WithPassLinks } from './pass-link.tsx';
import { PassStatusBadge } from './pass-status-badge.tsx';
import { progressWords, versionWords } from './pass-words.ts';

export interface PassPanelOptions {
  readonly follower: PassFollower;
  readonly canRun: boolean;
  readonly catalog: Catalog;
  /** Whether it stays open when another pass is shown. */
  readonly isPinned: boolean;
  onPin(): void;
  onOpenRun(runId: number): void;
  onOpenPass(passId: number): void;
  onCancel(passId: number): void;
}

export class PassPanel extends ReactWidget {
  private pinned: boolean;

  constructor(private readonly options: PassPanelOptions) {
    super();
    this.pinned = options.isPinned;
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

  get isPinned(): boolean {
    return this.pinned;
  }

  get isUnderWay(): boolean {
    const { pass } = this.options.follower;
    return pass !== null && pass.finished_at === null;
  }

  override dispose(): void {
    this.options.follower.dispose();
    super.dispose();
  }

  /** Reopening creates a new panel. */
  protected override onCloseRequest(message: Message): void {
    super.onCloseRequest(message);
    this.dispose();
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }

  protected override render(): JSX.Element {
    const { follower, catalog } = this.options;
    return (
      <UseSignal signal={follower.changed}>
        {() => (
          <UseSignal signal={catalog.changed}>
            {() => <PassView {...this.options} isPinned={this.pinned} onPin={() => this.pin()} pass={follower.pass} />}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private pin(): void {
    this.pinned = !this.pinned;
    this.update();
    this.options.onPin();
  }
}

function PassView({ pass, ...options }: PassPanelOptions & { pass: Pass | null }): JSX.Element {
  const { follower, canRun, catalog, isPinned, onPin, onOpenRun, onOpenPass, onCancel } = options;
  const isUnderWay = pass !== null && pass.finished_at === null;
  const now = useNow(isUnderWay);
  if (follower.error) return <PanelError what={`Pass ${follower.passId} could not be shown.`} error={follower.error} />;
  if (!pass) return <PanelLoading label={`Loading pass ${follower.passId}`} />;
  const { groups } = follower;
  const runs = groups.flatMap((group) => group.runs);
  // Without cancelled runs, which say nothing about their scripts; the lanes and the counts show those.
  const failed = runs.filter((run) => isFinal(run.status) && run.status !== 'succeeded' && run.status !== 'cancelled');
  const from = Date.parse(pass.started_at ?? pass.created_at);
  const to = pass.finished_at ? Date.parse(pass.finished_at) : Math.max(now, from + 1);
  return (
    <>
      <div className="ved-RunHeader">
        <span className="ved-RunHeader-name">pass {pass.id}</span>
        <PassStatusBadge status={pass.status} />
        <span className="ved-RunHeader-figure">{progressWords(pass.counts)}</span>
        {pass.started_at && <span className="ved-RunHeader-figure">{formatDuration(to - from)}</span>}
        <span>
          {pass.started_by}, <RelativeTime time={pass.created_at} />
        </span>
        {pass.on_failure === 'stop' && <span title="When a script fails, later groups do not run">stops after a failure</span>}
        <button
          type="button"
          className="ved-RunHeader-button"
          aria-pressed={isPinned}
          title={isPinned ? 'Let the next pass you open replace this one' : 'Keep this tab when you open another pass'}
          onClick={onPin}
        >
          {isPinned ? 'Unpin' : 'Pin'}
        </button>
        {canRun && isUnderWay && (
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
      {pass.reason && (
        <p className="ved-Output-note" role="status">
          <WithPassLinks text={pass.reason} onOpenPass={onOpenPass} />
        </p>
      )}
      {pass.counts.total === 0 && <p className="ved-Output-note">Nothing to run: no script is on prod. Merge one to prod first.</p>}
      {failed.length > 0 && <Failures runs={failed} catalog={catalog} onOpen={onOpenRun} />}
      <Gantt groups={groups} axis={{ from, to }} versionOf={(run) => versionWords(run, catalog)} onOpen={onOpenRun} />
    </>
  );
}

interface FailuresProps {
  readonly runs: readonly PassRun[];
  readonly catalog: Catalog;
  onOpen(runId: number): void;
}

function Failures({ runs, catalog, onOpen }: FailuresProps): JSX.Element {
  return (
    <ul className="ved-Pass-failures" aria-label="Failed runs">
      {runs.map((run) => (
        <li key={run.id}>
          <button type="button" className="ved-RunHeader-button" onClick={() => onOpen(run.id)}>
            {run.ordering_number.toFixed(2)} {run.descriptive_name}
          </button>{' '}
          <span className="ved-Pass-version">{versionWords(run, catalog)}</span> <RunStatusBadge status={run.status} />
          {run.reason && <span> {run.reason}</span>}
          {run.error_line && <div className="ved-Pass-error">{run.error_line}</div>}
        </li>
      ))}
    </ul>
  );
}
