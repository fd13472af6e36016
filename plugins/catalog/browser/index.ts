/** The catalog in the workspace: the list as a service, and its panel with commands. */
import { ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { Catalog } from '@ved/catalog/contract';
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import { Editors, type ScriptEditor } from '@ved/editor/contract';
import { ActiveRuns } from '@ved/runner/contract';
import './catalog.css';
import './exchange/exchange.css';
import { CatalogPanel } from './catalog-panel.tsx';
import { CatalogState } from './catalog-state.ts';
import { addCommands, EDITOR_COMMANDS } from './commands.ts';
import { addExchangeCommands, EXCHANGE_COMMANDS } from './exchange/exchange-commands.ts';
import { ScriptActions } from './script-actions.ts';
import { ScriptList } from './script-list.ts';
import { catalogSettings } from './shortcuts.ts';

const listPlugin: VedPlugin<Catalog> = {
  id: '@ved/catalog:list',
  description: 'The live scripts, kept up to date.',
  autoStart: true,
  requires: [LiveEvents],
  provides: Catalog,
  activate: (_app: JupyterFrontEnd, events: LiveEvents) => new ScriptList(events),
};

const panelPlugin: VedPlugin<void> = {
  id: '@ved/catalog:panel',
  description: 'The panel of the queue, with its commands.',
  autoStart: true,
  requires: [Catalog, Workspace, Editors],
  optional: [ICommandPalette, IMainMenu, ILayoutRestorer, ActiveRuns],
  settingsSchema: catalogSettings,
  activate: (
    app: JupyterFrontEnd,
    catalog: Catalog,
    workspace: Workspace,
    editors: Editors,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    restorer: ILayoutRestorer | null,
    active: ActiveRuns | null,
  ) => {
    const list = catalog as ScriptList;
    const state = new CatalogState();
    const actions = new ScriptActions(list, editors, workspace.canEdit);
    const panel = new CatalogPanel({
      list,
      state,
      commands: app.commands,
      active,
      canEdit: workspace.canEdit,
      onMove: (moves) => void actions.move(moves),
    });
    addCommands({ app, panel, list, state, editors, actions, workspace });
    addExchangeCommands(app.commands, list, workspace.canEdit);
    followEditors(editors, state);

    app.shell.add(panel, 'left', { rank: 10 });
    restorer?.add(panel, panel.id);
    for (const command of [
      'catalog:new',
      'catalog:go-to-script',
      ...EDITOR_COMMANDS,
      'catalog:move-up',
      'catalog:move-down',
      'catalog:undo-move',
      'catalog:deleted',
      'catalog:filter',
      'catalog:load-samples',
      ...EXCHANGE_COMMANDS,
    ])
      palette?.addItem({ command, category: 'Catalog', args: { isPalette: true } });
    menu?.fileMenu.addGroup([{ command: 'catalog:new', args: { isMenu: true } }, { command: 'catalog:go-to-script' }], 0);
    menu?.fileMenu.addGroup(
      EDITOR_COMMANDS.map((command) => ({ command })),
      3,
    );
    menu?.fileMenu.addGroup(
      ['catalog:deleted', ...EXCHANGE_COMMANDS].map((command) => ({ command })),
      4,
    );
    for (const [rank, command] of [
      'catalog:open',
      'runner:run-prod',
      'runner:stop',
      'git:show-history',
      'git:merge-to-prod',
      'git:unpublish',
      ...EDITOR_COMMANDS,
    ].entries())
      app.contextMenu.addItem({ command, args: { inCatalog: true }, selector: '.ved-CatalogRow', rank });
  },
};

/** Keeps the rows' marks of what is open, changed and current. */
function followEditors(editors: Editors, state: CatalogState): void {
  const followed = new Set<ScriptEditor>();
  const update = () => {
    for (const editor of editors.all)
      if (!followed.has(editor)) {
        followed.add(editor);
        editor.changed.connect(update);
      }
    for (const editor of followed) if (!editors.all.includes(editor)) followed.delete(editor);
    const open = new Map(
      editors.all.flatMap((editor) => (editor.scriptId === null ? [] : [[editor.scriptId, { dirty: editor.dirty }] as const])),
    );
    state.setOpen(open, editors.current?.scriptId ?? null);
  };
  editors.currentChanged.connect(update);
  update();
}

export const catalogPlugins: VedPlugin[] = [listPlugin, panelPlugin];
