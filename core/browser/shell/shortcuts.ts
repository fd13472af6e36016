/** Binds keys to commands: every plugin's defaults, overridden by the user's settings. */
import { ISettingRegistry, SettingRegistry } from '@jupyterlab/settingregistry';
import { DisposableSet } from '@lumino/disposable';
import type { SettingsSchema, VedPlugin } from '../app/ved-plugin.ts';
import { shortcutsSettingId } from '../settings/shortcuts-schema.ts';

/** The defaults are the `jupyter.lab.shortcuts` of the schemas. */
export function shortcutsPlugin(schemas: ReadonlyMap<string, SettingsSchema>): VedPlugin<void> {
  const defaults = [...schemas.values()].flatMap((schema) => schema['jupyter.lab.shortcuts'] ?? []);
  return {
    id: shortcutsSettingId,
    autoStart: true,
    requires: [ISettingRegistry],
    activate: async (app, registry: ISettingRegistry) => {
      const settings = await registry.load(shortcutsSettingId);
      let bound = new DisposableSet();
      const bind = () => {
        bound.dispose();
        const own = settings.composite.shortcuts as unknown as ISettingRegistry.IShortcut[];
        bound = DisposableSet.from(
          SettingRegistry.reconcileShortcuts(defaults, own).map((shortcut) => app.commands.addKeyBinding(shortcut)),
        );
      };
      settings.changed.connect(bind);
      bind();
    },
  };
}
