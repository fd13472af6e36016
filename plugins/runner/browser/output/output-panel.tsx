/** One script's output: the run's header, why it failed, and its log, files or record. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { consoleIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import { type LiveEvents, PanelError, PanelMessage } from '@ved/core/browser';
import { isFinal, type RunAction, type RunFilePreview, type RunListItem } from '@ved/runner/contract';
import { Repetition } from '../compare/repetition.tsx';
import type { ImportModel } from '../engines/import-model.ts';
import { ImportsOfScript } from '../engines/missing-imports.tsx';
import { FilesView } from '../files/files-view.tsx';
import { LogView } from '../log/log-view.ts';
import { RunFollower } from '../runs/run-follower.ts';
import { FailureBanner } from './failure-banner.tsx';
import type { RunInput } from './open-run-input.ts';
import { type OutputTab, OutputTabs } from './output-tabs.tsx';
import { OutputTools } from './output-tools.tsx';
import { RecordView } from './record-view.tsx';
import { RunHeader } from './run-header.tsx';
import { EngineLimits, HeldNote, NewerRun, WaitingNote } from './run-notes.tsx';

export interface OutputPanelOptions {
  readonly id: string;
  readonly scriptId: number;
  /** Of the script. */
  readonly name: string;
  /** The only run that this panel shows; null for the main panel of a script. */
  readonly only: number | null;
  readonly live: LiveEvents;
  readonly imports: ImportModel;
  readonly canRun: boolean;
  /** Called with each state of the run. */
  onRun(run: RunListItem): void;
  /** Shows a line of the text that ran; null without the editor plugin. */
  readonly onGoToLine: ((run: RunListItem, line: number) => void) | null;
  onCancel(runId: number): void;
  onAgain(runId: number): void;
  onCompare(a: number, b: number): void;
  onOpenPass(passId: number): void;
  /** Null without the editor plugin. */
  readonly onOpenInput: ((runId: number, what: RunInput) => void) | null;
  /** Actions on runs by other plugins. */
  readonly added: readonly RunAction[];
  /** Other plugins' views of files. */
  readonly previews: readonly RunFilePreview[];
}

export class OutputPanel extends Panel {
  readonly follower: RunFollower;
  private readonly view: LogView;
  private readonly files: FilesView;
  private readonly record: RecordView;
  /** The chosen tab; a run without files shows its output instead of Files. */
  private tab: OutputTab = 'output';
  private shownRunId: number | null = null;
  private repeatedRunId: number | null = null;
  /** The newest known run of the script. */
  private newest: RunListItem | null = null;

  constructor(private readonly options: OutputPanelOptions) {
    super();
    this.id = options.id;
    this.addClass('ved-Output');
    this.setName(options.name);
    this.title.icon = consoleIcon;
    this.title.closable = true;
    this.node.setAttribute('role', 'region');
    this.follower = new RunFollower(options.live);
    this.view = new LogView({ lines: this.follower.lines, onGoToLine: this.goTo });
    this.follower.grew.connect(() => this.view.refresh());
    const head = ReactWidget.create(<UseSignal signal={this.follower.changed}>{() => this.head()}</UseSignal>);
    head.addClass('ved-Output-head');
    this.addWidget(head);
    this.addWidget(this.view);
    this.addWidget(this.held());
    this.files = new FilesView(options.previews);
    this.addWidget(this.files);
    this.record = new RecordView(options.onOpenInput);
    this.addWidget(this.record);
    this.follower.changed.connect(() => this.arrange());
    this.follower.changed.connect(({ run }) => run && options.onRun(run));
    this.arrange();
  }

  /** Sets the name of the script, which may be renamed and renumbered. */
  setName(name: string): void {
    const { only } = this.options;
    this.title.label = only === null ? `Output: ${name}` : `Run ${only}: ${name}`;
    this.title.caption = only === null ? `Output of ${name}` : `Output of run ${only} of ${name}`;
    this.node.setAttribute('aria-label', this.title.caption);
  }

  get scriptId(): number {
    return this.options.scriptId;
  }

  /** The run shown; null before the first. */
  get runId(): number | null {
    return this.shownRunId;
  }

  /** The run that the one shown repeats; null for most. */
  get repeats(): number | null {
    return this.repeatedRunId;
  }

  /** Accepts a run of the same script, and points to it when it is newer than the run shown. */
  offer(run: RunListItem): void {
    if (this.beside || run.id < (this.newest?.id ?? 0)) return;
    this.newest = run;
    if (this.shownRunId === null) this.showRun(run.id);
    else if (run.id > this.shownRunId) this.follower.changed.emit();
  }

  get beside(): boolean {
    return this.options.only !== null;
  }

  showRun(runId: number, repeats: number | null = null): void {
    this.shownRunId = runId;
    this.repeatedRunId = repeats;
    this.view.filter.reset();
    this.view.jumpToEnd();
    this.follower.follow(runId);
  }

  override dispose(): void {
    this.follower.dispose();
    super.dispose();
  }

  /** Reopening creates a new panel. */
  protected override onCloseRequest(message: Message): void {
    super.onCloseRequest(message);
    this.dispose();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.focus();
  }

  /** The tab in front; Files only if there are any. */
  private get front(): OutputTab {
    const { files, run } = this.follower;
    return run === null || (this.tab === 'files' && !files) ? 'output' : this.tab;
  }

  /** Shows the tab in front and hides the others. */
  private arrange(): void {
    const { files, run } = this.follower;
    if (files && run) this.files.showFiles(run.id, files);
    if (run) this.record.showRun(run);
    // Before the first run the whole panel scrolls, by keyboard too.
    this.toggleClass('ved-mod-empty', run === null);
    if (run === null) this.node.tabIndex = 0;
    else this.node.removeAttribute('tabindex');
    this.view.setHidden(this.front !== 'output');
    this.files.setHidden(this.front !== 'files');
    this.record.setHidden(this.front !== 'record');
  }

  /** Below the log, while output is held back. */
  private held(): ReactWidget {
    const widget = ReactWidget.create(
      <UseSignal signal={this.follower.changed}>
        {() => (this.follower.tail && this.front === 'output' ? <HeldNote tail={this.follower.tail} /> : null)}
      </UseSignal>,
    );
    widget.addClass('ved-Output-held');
    return widget;
  }

  private focus(): void {
    if (this.follower.run === null) this.node.focus();
    else if (this.front === 'files') this.files.focusList();
    else if (this.front === 'record') this.record.node.focus();
    else this.view.activate();
  }

  private choose(tab: OutputTab): void {
    this.tab = tab;
    this.follower.changed.emit();
  }

  private get goTo(): ((line: number) => void) | null {
    const { onGoToLine } = this.options;
    if (!onGoToLine) return null;
    return (line) => {
      const { run } = this.follower;
      if (run) onGoToLine(run, line);
    };
  }

  /** Keeps the focus in the panel, because the pressed button disappears. */
  private pressed(action: (runId: number) => void, runId: number): void {
    action(runId);
    this.focus();
  }

  private head(): JSX.Element {
    const { run, error, stderrTail, lines, files } = this.follower;
    if (error)
      return (
        <PanelError
          what={`Run ${this.shownRunId} could not be shown.`}
          error={error}
          onRetry={() => this.showRun(this.shownRunId!, this.repeatedRunId)}
        />
      );
    if (!run && this.shownRunId !== null) return <PanelMessage title={`Loading run ${this.shownRunId}…`} />;
    if (!run)
      return (
        <PanelMessage title="Nothing has run yet.">
          <ImportsOfScript imports={this.options.imports} scriptId={this.options.scriptId} />
          <EngineLimits live={this.options.live} />
        </PanelMessage>
      );
    const actions = isFinal(run.status) && this.options.canRun ? this.options.added.filter((action) => action.isOffered(run)) : [];
    const { onCancel, onAgain, onCompare, onOpenPass, canRun } = this.options;
    return (
      <>
        <div className="ved-Output-bar">
          <RunHeader
            run={run}
            canRun={canRun}
            actions={run.status === 'succeeded' ? actions : []}
            onCancel={() => this.pressed(onCancel, run.id)}
            onAgain={() => this.pressed(onAgain, run.id)}
            onOpenPass={onOpenPass}
          />
          <div hidden={this.front !== 'output'}>
            <OutputTools key={run.id} view={this.view} lines={lines} fileName={`run-${run.id}.txt`} />
          </div>
        </div>
        {run.status === 'queued' && <WaitingNote run={run} live={this.options.live} onOpenPass={onOpenPass} />}
        {this.repeatedRunId !== null && isFinal(run.status) && (
          <Repetition runId={run.id} repeats={this.repeatedRunId} onCompare={onCompare} />
        )}
        <OutputTabs current={this.front} fileCount={files?.files.length ?? null} onChange={(tab) => this.choose(tab)} />
        {this.newest && this.newest.id > run.id && (
          <NewerRun run={this.newest} onShow={() => this.pressed((id) => this.showRun(id), this.newest!.id)} />
        )}
        <FailureBanner run={run} stderrTail={stderrTail} onGoToLine={this.goTo} actions={actions} />
      </>
    );
  }
}
