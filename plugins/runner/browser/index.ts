/** The runner in the workspace: output, passes, runs, and the engine in the status bar. */
import { ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Catalog, Scripts } from '@ved/catalog/contract';
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import { Editors } from '@ved/editor/contract';
import { ActiveRuns, Runs, runChanged } from '@ved/runner/contract';
import { addCommands, MENU_COMMANDS } from './commands.ts';
import { EngineModel, EngineModelToken } from './engines/engine-model.ts';
import { EngineStatus } from './engines/engine-status.tsx';
import { ImportModel, ImportModelToken } from './engines/import-model.ts';
import './compare/compare.css';
import './files/files.css';
import './log/log.css';
import './output/output.css';
import { noticesPlugin } from './notices/notices-plugin.ts';
import { RunnerPanels } from './panels.ts';
import { PassList } from './passes/pass-list.ts';
import { RunActions } from './run-actions.ts';
import './runner.css';
import { activeBadges } from './runs/active-badges.ts';
import { LiveActiveRuns } from './runs/active-runs.ts';
import { ActiveStatus } from './runs/active-status.tsx';
import { RunList } from './runs/run-list.ts';
import { RunsPanel } from './runs/runs-panel.tsx';
import { RunsPanelState } from './runs/runs-panel-state.ts';
import { RUNNER_SETTINGS_ID, runnerSettingsSchema } from './settings.ts';

const runsPlugin: VedPlugin<Runs> = {
  id: RUNNER_SETTINGS_ID,
  description: 'Starts runs and shows their output, the passes and past runs.',
  autoStart: true,
  requires: [Workspace, LiveEvents, Catalog, Scripts, EngineModelToken, ImportModelToken, ActiveRuns],
  optional: [Editors, ILayoutRestorer, ICommandPalette, IMainMenu, IStateDB, IStatusBar],
  provides: Runs,
  settingsSchema: runnerSettingsSchema,
  activate: (
    app: JupyterFrontEnd,
    workspace: Workspace,
    live: LiveEvents,
    catalog: Catalog,
    scripts: Scripts,
    engines: EngineModel,
    imports: ImportModel,
    active: ActiveRuns,
    editors: Editors | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    db: IStateDB | null,
    statusBar: IStatusBar | null,
  ): Runs => {
    const canRun = workspace.canEdit;
    const panels: RunnerPanels = new RunnerPanels(
      { app, live, catalog, imports, canRun, canShowTexts: editors !== null, onRun: (run) => (active as LiveActiveRuns).take(run) },
      () => actions,
    );
    live.on(runChanged, ({ run }) => panels.offer(run));
    const actions = new RunActions(panels, { editors, catalog, engines });
    const state = new RunsPanelState(db);
    const runs = new RunsPanel({
      state,
      list: new RunList(live),
      passes: new PassList(live),
      catalog,
      currentScriptId: () => scripts.currentId,
      onOpen: (runId) => void actions.openRun(runId),
      onOpenPass: (passId) => panels.openPass(passId),
      onCompare: (a, b) => actions.compareRuns(a, b),
    });
    void state.restore();
    addCommands({ app, scripts, editors, actions, engines, active, panels, runsPanel: runs, canRun });
    scripts.addRowBadges(activeBadges(active, canRun ? (runId) => void actions.cancelRun(runId) : null));
    scripts.addRowCommand({ command: 'runner:run-prod', rank: 10 });
    scripts.addRowCommand({ command: 'runner:stop', rank: 11 });
    scripts.addToolbarCommand('runner:run-queue');
    app.shell.add(runs, 'left', { rank: 20 });
    app.contextMenu.addItem({ command: 'runner:open-beside', selector: '.ved-Runs-row', rank: 1 });
    app.contextMenu.addItem({ command: 'runner:stop', args: { inRuns: true }, selector: '.ved-Runs-row', rank: 2 });
    const nameOf = (scriptId: number) => catalog.find(scriptId)?.descriptive_name ?? `Script ${scriptId}`;
    const status = new ActiveStatus(active, nameOf, () => void app.commands.execute('runner:show-runs'));
    statusBar?.registerStatusItem('ved:active-runs', { item: status, align: 'left', rank: 11 });
    restorer?.add(runs, runs.id);
    if (restorer) panels.restore(restorer);
    editors?.currentChanged.connect((_, editor) => {
      runs.update();
      if (editor?.scriptId) panels.follow(editor.scriptId);
    });

    editors?.addToolbarCommand({ command: 'runner:run-or-stop', rank: 20 });
    editors?.addToolbarCommand({ command: 'runner:run-draft', rank: 23, overflow: true });
    editors?.addToolbarCommand({ command: 'runner:run-with', rank: 24, overflow: true });
    editors?.addToolbarCommand({ command: 'runner:run-prod', rank: 25, overflow: true });
    editors?.addToolbarCommand({ command: 'runner:show-output', rank: 26, overflow: true });
    for (const command of MENU_COMMANDS) palette?.addItem({ command, category: 'Run' });
    menu?.runMenu.addGroup(
      MENU_COMMANDS.map((command) => ({ command })),
      0,
    );
    return actions;
  },
};

const activePlugin: VedPlugin<ActiveRuns> = {
  id: '@ved/runner:active-runs',
  description: 'Keeps track of queued and running runs.',
  autoStart: true,
  requires: [LiveEvents],
  provides: ActiveRuns,
  activate: (_app: JupyterFrontEnd, live: LiveEvents) => new LiveActiveRuns(live),
};

const importsPlugin: VedPlugin<ImportModel> = {
  id: '@ved/runner:imports',
  description: 'Checks which imports of the script in the editor would fail.',
  autoStart: true,
  requires: [Workspace, LiveEvents],
  optional: [Editors],
  provides: ImportModelToken,
  activate: (_app: JupyterFrontEnd, workspace: Workspace, live: LiveEvents, editors: Editors | null) =>
    new ImportModel(editors, live, workspace.canEdit),
};

const enginesPlugin: VedPlugin<EngineModel> = {
  id: '@ved/runner:engine-status',
  description: 'Shows the engine in the status bar.',
  autoStart: true,
  requires: [LiveEvents, ImportModelToken, IStatusBar],
  provides: EngineModelToken,
  activate: (_app: JupyterFrontEnd, live: LiveEvents, imports: ImportModel, statusBar: IStatusBar) => {
    const engines = new EngineModel(live);
    statusBar.registerStatusItem('ved:engine', { item: new EngineStatus(engines, imports), align: 'left', rank: 10 });
    return engines;
  },
};

export const runnerPlugins: VedPlugin[] = [activePlugin, runsPlugin, importsPlugin, enginesPlugin, noticesPlugin];
