/** Provides JupyterLab's setting registry over the server's settings. */
import { ISettingRegistry, type ISettingRegistry as Registry, SettingRegistry } from '@jupyterlab/settingregistry';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { InterpretingSchemaValidator } from './schema-validator.ts';
import type { SettingConnector } from './setting-connector.ts';

/** The plugin for this connector. Loads every schema in advance, so that nothing waits for another request. */
export function settingsPlugin(connector: SettingConnector): VedPlugin<Registry> {
  return {
    id: '@ved/core:settings',
    autoStart: true,
    provides: ISettingRegistry,
    activate: async () => {
      const { values } = await connector.list();
      return new SettingRegistry({ connector, validator: new InterpretingSchemaValidator(), plugins: values });
    },
  };
}
