/**
 * Owns the panels: one output panel per script, more for runs opened next to it,
 * one per pass, one per comparison. Finds or creates them, and restores them when
 * the workspace is reopened.
 */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';
import { type Catalog, scriptName } from '@ved/catalog/contract';
import { createClient, type LiveEvents } from '@ved/core/browser';
import { type RunAction, type RunComparison, type RunFilePreview, type RunListItem, runnerRoutes } from '@ved/runner/contract';
import { ComparePanel, compareId } from './compare/compare-panel.tsx';
import type { Side } from './compare/comparison-rows.ts';
import type { ImportModel } from './engines/import-model.ts';
import type { RunInput } from './output/open-run-input.ts';
import { OutputPanel } from './output/output-panel.tsx';
import { PassFollower } from './passes/pass-follower.ts';
import { PassPanel } from './passes/pass-panel.tsx';
import type { RunSource } from './traceback/go-to-line.ts';

const client = createClient(runnerRoutes);

/** What the panels' buttons do. */
export interface PanelActions {
  cancelRun(runId: number): Promise<void>;
  cancelPass(passId: number): Promise<void>;
  again(runId: number): Promise<void>;
  goToLine(run: RunSource, line: number): Promise<void>;
  openTexts(comparison: RunComparison, side: Side): Promise<void>;
  openRunInput(runId: number, what: RunInput): Promise<void>;
}

export interface PanelParts {
  readonly app: JupyterFrontEnd;
  readonly live: LiveEvents;
  readonly catalog: Catalog;
  readonly imports: ImportModel;
  readonly canRun: boolean;
  /** Whether there is an editor. */
  readonly canShowTexts: boolean;
  /** Called with each state of a run that a panel follows. */
  onRun(run: RunListItem): void;
}

export interface ShowOptions {
  /** Changes neither the focus nor which panels are in front. */
  readonly quietly?: boolean;
  /** The run that this one repeats. */
  readonly repeats?: number | null;
}

export class RunnerPanels {
  private readonly outputs = new WidgetTracker<OutputPanel>({ namespace: 'ved-output' });
  private readonly passes = new WidgetTracker<PassPanel>({ namespace: 'ved-pass' });
  /** Actions on runs by other plugins. */
  private readonly added: RunAction[] = [];
  private readonly previews: RunFilePreview[] = [];
  private readonly comparisons = new WidgetTracker<ComparePanel>({ namespace: 'ved-compare-runs' });

  constructor(
    private readonly parts: PanelParts,
    private readonly actions: () => PanelActions,
  ) {
    const { catalog } = parts;
    catalog.changed.connect(() =>
      this.outputs.forEach((panel) => {
        // A deleted script keeps its last name.
        if (catalog.find(panel.scriptId)) panel.setName(this.nameOf(panel.scriptId));
      }),
    );
  }

  /** Passes a changed run to its script's panel, which points to it when it is newer than the run shown. */
  offer(run: RunListItem): void {
    this.outputOf(run.script_id)?.offer(run);
  }

  addAction(action: RunAction): void {
    this.added.push(action);
    this.outputs.forEach((panel) => {
      panel.follower.changed.emit();
    });
  }

  addFilePreview(preview: RunFilePreview): void {
    this.previews.push(preview);
    this.outputs.forEach((panel) => {
      panel.follower.changed.emit();
    });
  }

  /** Reopens what was open, once the layout is restored. */
  restore(restorer: ILayoutRestorer): void {
    void restorer.restore(this.outputs, {
      command: 'runner:open-run',
      args: ({ runId, repeats, beside }) => ({ runId, repeats, beside, quietly: true }),
      name: (panel) => panel.id,
      when: this.parts.catalog.ready,
    });
    void restorer.restore(this.passes, {
      command: 'runner:open-pass',
      args: ({ passId, isPinned }) => ({ passId, isPinned, restored: true }),
      name: (panel) => panel.id,
    });
    void restorer.restore(this.comparisons, {
      command: 'runner:compare-runs',
      args: ({ options: { a, b } }) => ({ a, b }),
      name: (panel) => panel.id,
      when: this.parts.catalog.ready,
    });
  }

  /** The output panel that contains an element. */
  outputWith(element: Element | null): OutputPanel | null {
    return this.outputs.find((panel) => panel.node.contains(element)) ?? null;
  }

  /** The panel of an unfinished pass that contains an element. */
  passWith(element: Element | null): PassPanel | null {
    return this.passes.find((panel) => panel.isUnderWay && panel.node.contains(element)) ?? null;
  }

  /** The output panel used last, or null. */
  get currentOutput(): OutputPanel | null {
    return this.outputs.currentWidget;
  }

  /** The panel of a script's newest run; null when it has none. */
  outputOf(scriptId: number): OutputPanel | null {
    return this.outputs.find((panel) => panel.id === outputId(scriptId)) ?? null;
  }

  /** Brings a script's output to the front if another script's output is there; any other panel stays in front. */
  follow(scriptId: number): void {
    const panel = this.outputOf(scriptId);
    const shown = this.outputs.find((each) => each.isVisible && each.parent === panel?.parent);
    if (panel && shown && shown !== panel) this.raise(panel);
  }

  async openRun(runId: number, options: ShowOptions = {}): Promise<void> {
    const run = await client.getRun({ params: { id: runId } });
    this.showRun(run, options);
    if (!options.quietly) return;
    // Restored from the last session: the script may have run since.
    const [newest] = await client.listRuns({ query: { script: run.script_id } });
    if (newest) this.offer(newest);
  }

  /** Shows the panel of a script that has never run: the engine's limits, and missing imports. */
  showWithoutRun(scriptId: number): void {
    const panel = this.newOutput(scriptId, null);
    this.parts.app.shell.add(panel, 'down');
    void this.outputs.add(panel);
    this.parts.app.shell.activateById(panel.id);
  }

  /** Shows a run in its script's panel. */
  showRun(run: Pick<RunListItem, 'id' | 'script_id'>, { quietly = false, repeats = null }: ShowOptions = {}): void {
    const known = this.outputOf(run.script_id);
    const panel = known ?? this.newOutput(run.script_id, null);
    if (panel.runId !== run.id) panel.showRun(run.id, repeats);
    if (known) void this.outputs.save(panel);
    else {
      this.parts.app.shell.add(panel, 'down');
      void this.outputs.add(panel);
    }
    // To the front, but without taking the focus from someone who is typing.
    if (!quietly) this.raise(panel);
  }

  /** Shows a run in its own panel. With `place` it goes to the right of its script's panel, which is moved to the main area for that. */
  async openBeside(runId: number, place = true): Promise<void> {
    const { shell } = this.parts.app;
    const { script_id } = await client.getRun({ params: { id: runId } });
    const id = outputId(script_id, runId);
    const known = this.outputs.find((panel) => panel.id === id);
    const panel = known ?? this.newOutput(script_id, runId);
    if (!known) {
      const present = this.outputOf(script_id);
      if (present && place && !isIn(shell, 'main', present)) shell.add(present, 'main', { mode: 'split-bottom', activate: false });
      shell.add(panel, 'main', present ? { mode: 'split-right', ref: present.id } : { mode: 'split-bottom' });
      panel.showRun(runId);
      void this.outputs.add(panel);
    }
    if (place) shell.activateById(panel.id);
  }

  /** Replaces the pass that was shown before, unless that one is pinned. */
  openPass(passId: number, { isPinned = false, quietly = false } = {}): void {
    const { shell } = this.parts.app;
    const known = this.passes.find((panel) => panel.passId === passId);
    const panel = known ?? this.newPass(passId, isPinned);
    if (!known) {
      const before = isPinned ? undefined : this.passes.find((each) => !each.isPinned);
      const area = (before && AREAS.find((each) => isIn(shell, each, before))) ?? 'down';
      shell.add(panel, area, before && area === 'main' ? { mode: 'tab-after', ref: before.id } : {});
      void this.passes.add(panel);
      before?.dispose();
    }
    if (!quietly) shell.activateById(panel.id);
  }

  private newPass(passId: number, isPinned: boolean): PassPanel {
    const { live, canRun, catalog } = this.parts;
    const panel: PassPanel = new PassPanel({
      follower: new PassFollower(passId, live),
      canRun,
      catalog,
      isPinned,
      onPin: () => void this.passes.save(panel),
      onOpenRun: (runId) => void this.openRun(runId),
      onOpenPass: (id) => this.openPass(id),
      onCancel: (id) => void this.actions().cancelPass(id),
    });
    return panel;
  }

  /** Two runs side by side in the main area; the older one on the left. */
  compare(one: number, other: number): void {
    const { app, live, canShowTexts } = this.parts;
    const [a, b] = one < other ? [one, other] : [other, one];
    const known = this.comparisons.find((panel) => panel.id === compareId(a, b));
    const panel =
      known ??
      new ComparePanel({
        a,
        b,
        live,
        nameOf: (scriptId) => this.nameOf(scriptId),
        onOpenRun: (runId) => void this.openBeside(runId),
        onOpenTexts: canShowTexts ? (comparison, side) => void this.actions().openTexts(comparison, side) : null,
      });
    if (!known) {
      app.shell.add(panel, 'main');
      void this.comparisons.add(panel);
    }
    app.shell.activateById(panel.id);
  }

  /** With a run, a panel that shows only this run. The caller adds it to the shell. */
  private newOutput(scriptId: number, runId: number | null): OutputPanel {
    const { live, imports, canRun, canShowTexts, onRun } = this.parts;
    return new OutputPanel({
      onRun,
      id: outputId(scriptId, runId),
      scriptId,
      imports,
      name: this.nameOf(scriptId),
      only: runId,
      live,
      canRun,
      onGoToLine: canShowTexts ? (run, line) => void this.actions().goToLine(run, line) : null,
      onCancel: (id) => void this.actions().cancelRun(id),
      onAgain: (id) => void this.actions().again(id),
      onCompare: (a, b) => this.compare(a, b),
      onOpenPass: (id) => this.openPass(id),
      onOpenInput: canShowTexts ? (id, what) => void this.actions().openRunInput(id, what) : null,
      added: this.added,
      previews: this.previews,
    });
  }

  private nameOf(scriptId: number): string {
    const script = this.parts.catalog.find(scriptId);
    return script ? scriptName(script) : `Script ${scriptId}`;
  }

  private raise(panel: OutputPanel): void {
    const focused = document.activeElement;
    this.parts.app.shell.activateById(panel.id);
    if (focused instanceof HTMLElement && focused !== document.body) requestAnimationFrame(() => focused.focus());
  }
}

/** The areas that a panel may be in. */
const AREAS = ['main', 'left', 'right', 'down'] as const;

function outputId(scriptId: number, runId: number | null = null): string {
  return runId === null ? `ved-output-${scriptId}` : `ved-output-${scriptId}-run-${runId}`;
}

function isIn(shell: JupyterFrontEnd.IShell, area: string, widget: Widget): boolean {
  return [...shell.widgets(area)].includes(widget);
}
