/**
 * The menu bar: core's few entries, and those that plugins add with `IMainMenu`.
 * A menu without entries is hidden.
 */
import { IMainMenu, MainMenu } from '@jupyterlab/mainmenu';
import { MenuSvg, RankedMenu } from '@jupyterlab/ui-components';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { openSettingsCommand } from '../settings/settings-panel-plugin.ts';
import { helpCommands } from './help.tsx';
import { themeChoices, themeCommand } from './themes.ts';

export const mainMenuPlugin: VedPlugin<IMainMenu> = {
  id: '@ved/core:main-menu',
  autoStart: true,
  provides: IMainMenu,
  activate: (app) => {
    const menu = new MainMenu(app.commands);
    menu.id = 'jp-MainMenu';
    menu.node.setAttribute('aria-label', 'Main menu');
    const { fileMenu, editMenu, viewMenu, runMenu, settingsMenu, helpMenu } = menu;
    const titled = { File: fileMenu, Edit: editMenu, View: viewMenu, Run: runMenu, Settings: settingsMenu, Help: helpMenu };
    for (const [label, one] of Object.entries(titled)) (one as RankedMenu).title.label = label;
    addEntries(menu, app.commands);
    // After every plugin has added its entries.
    void app.started.then(() => {
      for (const one of Object.values(titled) as RankedMenu[]) if (one.items.length > 0) menu.addMenu(one, true, { rank: one.rank });
    });
    app.shell.add(menu, 'menu', { rank: 100 });
    return menu;
  },
};

function addEntries(menu: MainMenu, commands: RankedMenu['commands']): void {
  const theme = new RankedMenu({ commands, renderer: MenuSvg.defaultRenderer });
  theme.title.label = 'Theme';
  for (const args of themeChoices) theme.addItem({ command: themeCommand, args });
  menu.fileMenu.addGroup([{ command: 'workspace:close-tab' }], 2.5);
  menu.viewMenu.addGroup([{ command: 'workspace:show-palette' }], 0);
  menu.viewMenu.addGroup(
    ['workspace:toggle-left', 'workspace:toggle-right', 'workspace:toggle-bottom', 'workspace:reset-layout'].map((command) => ({
      command,
    })),
    100,
  );
  menu.helpMenu.addGroup(
    helpCommands.map((command) => ({ command })),
    0,
  );
  menu.settingsMenu.addItem({ type: 'submenu', submenu: theme, rank: 0 });
  menu.settingsMenu.addItem({ command: openSettingsCommand, rank: 1000 });
}
