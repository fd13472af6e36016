/** Opens the Settings panel, and restores it with the layout. */
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { SettingsSchema, VedPlugin } from '../app/ved-plugin.ts';
import { offeredBy } from '../shell/palette.ts';

export const openSettingsCommand = 'workspace:open-settings';

export function settingsPanelPlugin(schemas: ReadonlyMap<string, SettingsSchema>): VedPlugin<void> {
  return {
    id: '@ved/core:settings-panel',
    autoStart: true,
    requires: [ISettingRegistry, ICommandPalette, ILayoutRestorer],
    activate: ({ commands, shell }, registry: ISettingRegistry, palette: ICommandPalette, restorer: ILayoutRestorer) => {
      const tracker = new WidgetTracker({ namespace: 'ved-settings' });
      commands.addCommand(openSettingsCommand, {
        label: 'Settings…',
        execute: async () => {
          if (!tracker.currentWidget) {
            const { createSettingsPanel } = await import('./settings-panel.tsx');
            const content = createSettingsPanel({ registry, schemas, commands, offered: () => offeredBy(palette) });
            const widget = new MainAreaWidget({ content });
            widget.id = 'ved-settings-main';
            widget.toolbar.hide();
            await tracker.add(widget);
            shell.add(widget, 'main');
          }
          shell.activateById('ved-settings-main');
        },
      });
      palette.addItem({ command: openSettingsCommand, category: 'Settings' });
      void restorer.restore(tracker, { command: openSettingsCommand, name: () => 'settings' });
    },
  };
}
