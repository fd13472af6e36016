/** Opens the Plugins panel, and restores it with the layout. */
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { LiveEvents, Workspace } from '../tokens.ts';
import type { PluginProblem } from './foreign-plugins.ts';

const SHOW = 'workspace:show-plugins';

export const pluginsPanelPlugin = (problems: readonly PluginProblem[]): VedPlugin<void> => ({
  id: '@ved/core:plugins-panel',
  autoStart: true,
  requires: [Workspace, LiveEvents, ICommandPalette, IMainMenu, ILayoutRestorer],
  activate: (
    { commands, shell },
    { canEdit }: Workspace,
    live: LiveEvents,
    palette: ICommandPalette,
    menu: IMainMenu,
    restorer: ILayoutRestorer,
  ) => {
    const tracker = new WidgetTracker({ namespace: 'ved-plugins' });
    commands.addCommand(SHOW, {
      label: 'Plugins',
      caption: 'What ved is made of: what each plugin brings, and why one is not there',
      execute: async () => {
        if (!tracker.currentWidget) {
          const { createPluginsPanel } = await import('./plugins-panel.tsx');
          const widget = new MainAreaWidget({ content: createPluginsPanel({ live, canEdit, problems }) });
          widget.id = 'ved-plugins-main';
          widget.toolbar.hide();
          await tracker.add(widget);
          shell.add(widget, 'main');
        }
        shell.activateById('ved-plugins-main');
      },
    });
    palette.addItem({ command: SHOW, category: 'Settings' });
    menu.settingsMenu.addItem({ command: SHOW, rank: 1001 });
    void restorer.restore(tracker, { command: SHOW, name: () => 'plugins' });
  },
});
