/** The catalog's browser plugins: the list as a service, and the panel with its commands. */
import { ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { Catalog, Scripts } from '@ved/catalog/contract';
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import './catalog.css';
import './exchange/exchange.css';
import { CatalogPanel } from './catalog-panel.tsx';
import { CatalogState } from './catalog-state.ts';
import { addCommands, catalogSettings, EDITOR_COMMANDS } from './commands.ts';
import { addExchangeCommands, EXCHANGE_COMMANDS } from './exchange/exchange-commands.ts';
import { ScriptActions } from './script-actions.ts';
import { ScriptList } from './script-list.ts';
import { WorkspaceScripts } from './workspace-scripts.ts';

/** Rank in the context menu of a row; items of other plugins come first. */
const OWN_RANK = 100;

const listPlugin: VedPlugin<Catalog> = {
  id: '@ved/catalog:list',
  description: 'The live scripts, kept up to date.',
  autoStart: true,
  requires: [LiveEvents],
  provides: Catalog,
  activate: (_app: JupyterFrontEnd, events: LiveEvents) => new ScriptList(events),
};

const panelPlugin: VedPlugin<Scripts> = {
  id: '@ved/catalog:panel',
  description: 'The Catalog panel and its commands.',
  autoStart: true,
  requires: [Catalog, Workspace],
  optional: [ICommandPalette, IMainMenu, ILayoutRestorer],
  provides: Scripts,
  settingsSchema: catalogSettings,
  activate: (
    app: JupyterFrontEnd,
    catalog: Catalog,
    workspace: Workspace,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    restorer: ILayoutRestorer | null,
  ): Scripts => {
    const list = catalog as ScriptList;
    const state = new CatalogState();
    const scripts = new WorkspaceScripts(app, state);
    const actions = new ScriptActions(list, scripts, workspace.canEdit);
    const panel = new CatalogPanel({
      list,
      state,
      commands: app.commands,
      scripts,
      canEdit: workspace.canEdit,
      onMove: (moves) => void actions.move(moves),
    });
    addCommands({ app, panel, list, scripts, actions, workspace });
    addExchangeCommands(app.commands, list, workspace.canEdit);

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
    for (const [rank, command] of ['catalog:open', ...EDITOR_COMMANDS].entries())
      scripts.addRowCommand({ command, rank: rank === 0 ? 0 : OWN_RANK + rank });
    return scripts;
  },
};

export const catalogPlugins: VedPlugin[] = [listPlugin, panelPlugin];
