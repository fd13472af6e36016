/** One script's output: the run's header, why it failed, and its log. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { consoleIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import { type LiveEvents, PanelError, PanelMessage } from '@ved/core/browser';
import { LogView } from '../log/log-view.ts';
import { RunFollower } from '../runs/run-follower.ts';
import { FailureBanner } from './failure-banner.tsx';
import { OutputTools } from './output-tools.tsx';
import { RunHeader } from './run-header.tsx';

export interface OutputPanelOptions {
  readonly id: string;
  readonly title: string;
  readonly live: LiveEvents;
  readonly canRun: boolean;
  onPlace(line: number): void;
  onCancel(runId: number): void;
  onAgain(runId: number): void;
  readonly onAsk: ((message: string) => void) | null;
}

export class OutputPanel extends Panel {
  readonly follower: RunFollower;
  readonly #view: LogView;
  #runId: number | null = null;

  constructor(private readonly options: OutputPanelOptions) {
    super();
    this.id = options.id;
    this.addClass('ved-Output');
    this.title.label = options.title;
    this.title.caption = `Output of ${options.title}`;
    this.title.icon = consoleIcon;
    this.title.closable = true;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', `Output of ${options.title}`);
    this.follower = new RunFollower(options.live);
    this.#view = new LogView({ lines: this.follower.lines, onPlace: options.onPlace });
    this.follower.grew.connect(() => this.#view.refresh());
    const head = ReactWidget.create(<UseSignal signal={this.follower.changed}>{() => this.#head()}</UseSignal>);
    head.addClass('ved-Output-head');
    this.addWidget(head);
    this.addWidget(this.#view);
  }

  /** The run that is shown; null before the first. */
  get runId(): number | null {
    return this.#runId;
  }

  showRun(runId: number): void {
    this.#runId = runId;
    this.#view.filter.reset();
    this.#view.jumpToEnd();
    this.follower.follow(runId);
  }

  override dispose(): void {
    this.follower.dispose();
    super.dispose();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.#view.activate();
  }

  #head(): JSX.Element {
    const { run, error, stderrTail, lines } = this.follower;
    if (error)
      return <PanelError what={`Run ${this.#runId} could not be shown.`} error={error} onRetry={() => this.showRun(this.#runId!)} />;
    if (!run) return <PanelMessage title={this.#runId === null ? 'Nothing has run yet.' : `Waiting for run ${this.#runId} …`} />;
    const { onPlace, onAsk, canRun } = this.options;
    return (
      <>
        <div className="ved-Output-bar">
          <RunHeader
            run={run}
            canRun={canRun}
            onCancel={() => this.options.onCancel(run.id)}
            onAgain={() => this.options.onAgain(run.id)}
          />
          <OutputTools key={run.id} view={this.#view} lines={lines} fileName={`run-${run.id}.txt`} />
        </div>
        {run.status === 'queued' && <p className="ved-Output-note">{run.reason ?? 'It waits for its turn.'}</p>}
        <FailureBanner run={run} stderrTail={stderrTail} onPlace={onPlace} onAsk={onAsk} />
      </>
    );
  }
}
