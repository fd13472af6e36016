/** The schemas of all settings: core's own, and those of plugins. */
import type { SettingsSchema, VedPlugin } from '../app/ved-plugin.ts';
import { shortcutsSchema } from './shortcuts-schema.ts';
import { themeSchema } from './theme-schema.ts';

/** By plugin id. Throws when two plugins have settings under the same id. */
export function settingsSchemas(plugins: readonly VedPlugin[]): ReadonlyMap<string, SettingsSchema> {
  const schemas = new Map<string, SettingsSchema>([themeSchema, shortcutsSchema, notificationSchema, statusBarSchema]);
  for (const { id, settingsSchema } of plugins) {
    if (!settingsSchema) continue;
    if (schemas.has(id)) throw new Error(`two plugins bring settings under the id ${id}`);
    schemas.set(id, settingsSchema);
  }
  return schemas;
}

export const notificationSchema: [id: string, schema: SettingsSchema] = [
  '@jupyterlab/apputils-extension:notification',
  {
    type: 'object',
    title: 'Notifications',
    additionalProperties: false,
    properties: {
      doNotDisturbMode: {
        type: 'boolean',
        title: 'Silence notifications',
        description: 'Nothing pops up; the bell in the status bar still counts and lists them.',
        default: false,
      },
    },
  },
];

export const statusBarSchema: [id: string, schema: SettingsSchema] = [
  '@jupyterlab/statusbar-extension:plugin',
  {
    type: 'object',
    title: 'Status bar',
    additionalProperties: false,
    properties: { visible: { type: 'boolean', title: 'Show the status bar', default: true } },
  },
];
