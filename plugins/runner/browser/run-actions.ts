/** What a person can do with runs. Errors are shown as notifications. */
import { Notification } from '@jupyterlab/apputils';
import type { Catalog } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { Editors, ScriptEditor } from '@ved/editor/contract';
import { type RunAction, type RunComparison, type RunFilePreview, type Runs, runnerRoutes } from '@ved/runner/contract';
import type { Side } from './compare/comparison-rows.ts';
import { openTexts } from './compare/open-texts.ts';
import type { EngineModel } from './engines/engine-model.ts';
import { openRunInput, type RunInput } from './output/open-run-input.ts';
import type { PanelActions, RunnerPanels } from './panels.ts';
import type { PassOptions } from './passes/ask-for-pass.tsx';
import { goToLine, type RunSource } from './traceback/go-to-line.ts';

const client = createClient(runnerRoutes);

async function notifyOnError<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    Notification.error((error as Error).message, { autoClose: 10_000 });
    return null;
  }
}

interface RunOptions {
  readonly source: 'prod' | 'draft';
  readonly content?: string | undefined;
  readonly testData?: string | undefined;
  readonly versionId?: number | undefined;
  readonly interpreter?: string | undefined;
}

export class RunActions implements Runs, PanelActions {
  constructor(
    private readonly panels: RunnerPanels,
    private readonly parts: {
      /** Null without the editor plugin: what needs it is not offered. */
      readonly editors: Editors | null;
      readonly catalog: Catalog;
      readonly engines: EngineModel;
    },
  ) {}

  async run(scriptId: number, options: RunOptions): Promise<number> {
    const { source, content, testData, versionId, interpreter } = options;
    const body = { script_id: scriptId, source, content, test_data: testData, version_id: versionId, interpreter };
    const { run_id } = await client.createRun({ body });
    this.panels.showRun({ id: run_id, script_id: scriptId });
    return run_id;
  }

  openRun(runId: number): Promise<void> {
    return this.panels.openRun(runId);
  }

  compareRuns(a: number, b: number): void {
    this.panels.compare(a, b);
  }

  async openBeside(runId: number): Promise<void> {
    await notifyOnError(() => this.panels.openBeside(runId));
  }

  /**
   * Runs what is in the editor, including unsaved text and test data, as a draft based on the open version. A new script is
   * saved first, because a run belongs to a script. Without `interpreter` the script's metadata chooses one, else the default
   * is used.
   */
  async runDraft(editor: ScriptEditor, interpreter?: string): Promise<void> {
    if (editor.scriptId === null && !(await editor.save())) return;
    const { scriptId, version, unsaved } = editor;
    if (scriptId === null) return;
    const typed = { content: unsaved.text ?? undefined, testData: unsaved.testData ?? undefined };
    await notifyOnError(() => this.run(scriptId, { source: 'draft', ...typed, versionId: version?.id, interpreter }));
  }

  async runProd(scriptId: number): Promise<void> {
    await notifyOnError(() => this.run(scriptId, { source: 'prod' }));
  }

  /** Runs every script on prod. By default, later groups run after a failure and each script gets its own test data. */
  async runQueue(options: PassOptions = {}): Promise<void> {
    const pass = await notifyOnError(() => client.createPass({ body: options }));
    if (pass) this.panels.openPass(pass.pass_id);
  }

  async openLastPass(): Promise<void> {
    const passes = await notifyOnError(() => client.listPasses({ query: {} }));
    if (passes?.[0]) this.panels.openPass(passes[0].id);
    else if (passes) Notification.info('The queue has never run.', { autoClose: 4000 });
  }

  /** Runs the same text with the same test data again, on the same interpreter if that still exists. */
  async again(runId: number): Promise<void> {
    await notifyOnError(async () => {
      const params = { id: runId };
      const [run, given] = await Promise.all([client.getRun({ params }), client.getRunCode({ params })]);
      const { run_id } = await client.createRun({
        body: {
          script_id: run.script_id,
          source: 'draft',
          test_data: given.test_data,
          interpreter: this.parts.engines.interpreters.find(({ name }) => name === run.interpreter)?.name,
          version_id: run.script_version_id,
          content: run.unsaved ? given.content : undefined,
        },
      });
      this.panels.showRun({ id: run_id, script_id: run.script_id }, { repeats: runId });
    });
  }

  async goToLine(run: RunSource, line: number): Promise<void> {
    const { editors, catalog } = this.parts;
    if (editors) await notifyOnError(() => goToLine({ editors, catalog }, run, line));
  }

  async openTexts(comparison: RunComparison, side: Side): Promise<void> {
    const { editors } = this.parts;
    if (editors) await notifyOnError(() => openTexts(editors, comparison, side));
  }

  async openRunInput(runId: number, what: RunInput): Promise<void> {
    const { editors } = this.parts;
    if (editors) await notifyOnError(() => openRunInput(editors, runId, what));
  }

  addFilePreview(preview: RunFilePreview): void {
    this.panels.addFilePreview(preview);
  }

  addAction(action: RunAction): void {
    this.panels.addAction({ ...action, execute: async (run) => void (await notifyOnError(() => action.execute(run))) });
  }

  /** Shows the newest run of any version of a script, or an empty panel. */
  async showNewest(scriptId: number): Promise<void> {
    await notifyOnError(async () => {
      const run = await client.lastExecution({ params: { id: scriptId } });
      if (run) this.panels.showRun(run);
      else this.panels.showWithoutRun(scriptId);
    });
  }

  async cancelRun(runId: number): Promise<void> {
    await notifyOnError(() => client.cancelRun({ params: { id: runId } }));
  }

  async cancelPass(passId: number): Promise<void> {
    await notifyOnError(() => client.cancelPass({ params: { id: passId } }));
  }
}
