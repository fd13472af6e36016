/**
 * Which panels there are: one output panel a script, one panel a pass. Finds or
 * makes them, and brings them back when the workspace is opened again.
 */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { Catalog } from '@ved/catalog/contract';
import { createClient, type LiveEvents } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import type { Assistant } from '@ved/llm/contract';
import { type RunListItem, runnerRoutes } from '@ved/runner/contract';
import { OutputPanel } from './output/output-panel.tsx';
import { PassFollower } from './passes/pass-follower.ts';
import { PassPanel } from './passes/pass-panel.tsx';

const client = createClient(runnerRoutes);

/** What the panels' buttons do. */
export interface PanelActions {
  cancelRun(runId: number): Promise<void>;
  cancelPass(passId: number): Promise<void>;
  again(runId: number): Promise<void>;
}

export interface PanelParts {
  readonly app: JupyterFrontEnd;
  readonly live: LiveEvents;
  readonly catalog: Catalog;
  readonly editors: Editors;
  readonly assistant: Assistant | null;
  readonly canRun: boolean;
}

export class RunnerPanels {
  readonly #outputs = new WidgetTracker<OutputPanel>({ namespace: 'ved-output' });
  readonly #passes = new WidgetTracker<PassPanel>({ namespace: 'ved-pass' });

  constructor(
    private readonly parts: PanelParts,
    private readonly actions: () => PanelActions,
  ) {}

  /** Opens again what was open, once the layout is restored. */
  restore(restorer: ILayoutRestorer): void {
    void restorer.restore(this.#outputs, {
      command: 'runner:open-run',
      args: (panel) => ({ runId: panel.runId, quietly: true }),
      name: (panel) => panel.id,
      when: this.parts.catalog.ready,
    });
    void restorer.restore(this.#passes, {
      command: 'runner:open-pass',
      args: (panel) => ({ passId: panel.passId }),
      name: (panel) => panel.id,
    });
  }

  /** The output panel used last, or null. */
  get currentOutput(): OutputPanel | null {
    return this.#outputs.currentWidget;
  }

  /** The run shown for a script; null when it has no panel. */
  outputOf(scriptId: number): OutputPanel | null {
    return this.#outputs.find((panel) => panel.id === outputId(scriptId)) ?? null;
  }

  /** Brings a script's output in front of another's, where one is shown; other panels are left in front. */
  follow(scriptId: number): void {
    const panel = this.outputOf(scriptId);
    const shown = this.#outputs.find((each) => each.isVisible && each.parent === panel?.parent);
    if (panel && shown && shown !== panel) this.#raise(panel);
  }

  async openRun(runId: number, quietly = false): Promise<void> {
    this.showRun(await client.getRun({ params: { id: runId } }), quietly);
  }

  /** Shows a run in its script's panel. `quietly` leaves the focus and the panels in front where they are. */
  showRun(run: Pick<RunListItem, 'id' | 'script_id'>, quietly = false): void {
    const panel = this.outputOf(run.script_id) ?? this.#newOutput(run.script_id);
    if (panel.runId !== run.id) panel.showRun(run.id);
    void this.#outputs.save(panel);
    // In front of its neighbours, but the focus stays with whoever types.
    if (!quietly) this.#raise(panel);
  }

  openPass(passId: number): void {
    const known = this.#passes.find((panel) => panel.passId === passId);
    const { app, live, canRun } = this.parts;
    if (known) {
      app.shell.activateById(known.id);
      return;
    }
    const panel = new PassPanel({
      follower: new PassFollower(passId, live),
      canRun,
      onOpenRun: (runId) => void this.openRun(runId),
      onCancel: (id) => void this.actions().cancelPass(id),
    });
    app.shell.add(panel, 'down', { activate: true });
    void this.#passes.add(panel);
    app.shell.activateById(panel.id);
  }

  #newOutput(scriptId: number): OutputPanel {
    const { app, live, catalog, editors, assistant, canRun } = this.parts;
    const script = catalog.find(scriptId);
    const title = script ? `${script.ordering_number.toFixed(2)} ${script.descriptive_name}` : `Script ${scriptId}`;
    const panel = new OutputPanel({
      id: outputId(scriptId),
      title,
      live,
      canRun,
      onPlace: (line) => void editors.open(scriptId, { line }),
      onCancel: (runId) => void this.actions().cancelRun(runId),
      onAgain: (runId) => void this.actions().again(runId),
      onAsk:
        assistant && canRun
          ? (message) => {
              void editors.open(scriptId);
              assistant.suggestPrompt(`This script fails with:\n\n${message}\n\nWhat is wrong, and how is it mended?`);
            }
          : null,
    });
    app.shell.add(panel, 'down');
    void this.#outputs.add(panel);
    return panel;
  }

  #raise(panel: OutputPanel): void {
    const focused = document.activeElement;
    this.parts.app.shell.activateById(panel.id);
    if (focused instanceof HTMLElement && focused !== document.body) requestAnimationFrame(() => focused.focus());
  }
}

function outputId(scriptId: number): string {
  return `ved-output-${scriptId}`;
}
