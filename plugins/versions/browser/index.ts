/** Versions in the workspace: history, comparison, and merging to prod. */
import { ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { Catalog, Scripts, versionName } from '@ved/catalog/contract';
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import { Editors } from '@ved/editor/contract';
import { Runs } from '@ved/runner/contract';
import { Versions } from '@ved/versions/contract';
import { blamePlugin } from './blame/blame-plugin.ts';
import { addCommands, PALETTE_COMMANDS } from './commands.ts';
import { HistoryPanel } from './history/history-panel.tsx';
import { VersionList } from './history/version-list.ts';
import { VersionRuns } from './history/version-runs.ts';
import { MergeFlow } from './merge/merge-flow.tsx';
import { VersionActions } from './version-actions.ts';
import './blame/blame.css';
import './versions.css';

const panelsPlugin: VedPlugin<Versions> = {
  id: '@ved/versions:panels',
  description: 'The versions of a script: listed, compared, merged to prod.',
  autoStart: true,
  requires: [Workspace, LiveEvents, Catalog, Scripts, Editors],
  optional: [Runs, ILayoutRestorer, ICommandPalette, IMainMenu],
  provides: Versions,
  activate: (
    app: JupyterFrontEnd,
    workspace: Workspace,
    live: LiveEvents,
    catalog: Catalog,
    scripts: Scripts,
    editors: Editors,
    runs: Runs | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
  ): Versions => {
    const list = new VersionList(live);
    const flow = new MergeFlow(editors, catalog, runs);
    const actions = new VersionActions(editors, catalog, flow);
    const versionRuns = runs && new VersionRuns(live);
    const show = (scriptId: number) => {
      list.show(scriptId);
      versionRuns?.show(scriptId);
    };
    const shown = () => list.scriptId ?? 0;
    const panel = new HistoryPanel({
      list,
      runs: versionRuns,
      catalog,
      canEdit: workspace.canEdit,
      onOpen: (version) => void actions.open(shown(), version.id),
      onCompare: (older, newer) =>
        void actions.compare(shown(), { side: older.id, title: versionName(older) }, { side: newer.id, title: versionName(newer) }),
      onCompareWithProd: (version) =>
        void actions.compare(shown(), { side: 'prod', title: 'on prod' }, { side: version.id, title: versionName(version) }),
      onMerge: (version) => void versions.mergeToProd(shown(), version.id),
      onRevert: (version) => void actions.revert(shown(), version),
      onOpenRun: runs && ((runId) => void runs.openRun(runId)),
      onOpenScript: (scriptId, versionId) => void actions.open(scriptId, versionId),
    });
    catalog.changed.connect(() => panel.update());
    const followEditor = () => {
      const current = editors.current?.scriptId ?? null;
      if (current !== null) show(current);
    };
    editors.currentChanged.connect(followEditor);
    followEditor();

    const versions: Versions = {
      openHistory: (scriptId) => {
        show(scriptId);
        app.shell.activateById(panel.id);
      },
      mergeToProd: async (scriptId, versionId) => {
        const merged = await flow.merge(scriptId, versionId);
        if (merged) await catalog.refresh();
        return merged;
      },
    };
    app.shell.add(panel, 'right', { rank: 20 });
    restorer?.add(panel, panel.id);
    addCommands({ app, scripts, catalog, versions, actions, canEdit: workspace.canEdit });
    editors.addToolbarCommand({ command: 'versions:merge-to-prod', rank: 30, label: 'Merge' });
    editors.addToolbarCommand({ command: 'versions:unpublish', rank: 49, overflow: true });
    editors.addToolbarCommand({ command: 'versions:show-history', rank: 50, overflow: true });
    editors.addToolbarCommand({ command: 'versions:compare', rank: 51, overflow: true });
    for (const [index, command] of ['versions:show-history', 'versions:merge-to-prod', 'versions:unpublish'].entries())
      scripts.addRowCommand({ command, rank: 20 + index });
    editors.setVersionsCommand('versions:show-history');
    for (const command of PALETTE_COMMANDS) palette?.addItem({ command, category: 'Versions' });
    // After the commands on the script itself.
    menu?.fileMenu.addGroup(
      PALETTE_COMMANDS.map((command) => ({ command })),
      4,
    );
    return versions;
  },
};

export const versionsPlugins: VedPlugin[] = [panelsPlugin, blamePlugin];
