/** The schemas of all settings: core's own, and what plugins bring with their values. */
import type { SettingsSchema, VedPlugin } from '../app/ved-plugin.ts';
import { shortcutsSchema } from './shortcuts-schema.ts';
import { notificationSchema, statusBarSchema } from './stock-schemas.ts';
import { themeSchema } from './theme-schema.ts';

/** By plugin id. Throws when two plugins bring settings under one id. */
export function settingsSchemas(plugins: readonly VedPlugin[]): ReadonlyMap<string, SettingsSchema> {
  const schemas = new Map<string, SettingsSchema>([themeSchema, shortcutsSchema, notificationSchema, statusBarSchema]);
  for (const { id, settingsSchema } of plugins) {
    if (!settingsSchema) continue;
    if (schemas.has(id)) throw new Error(`two plugins bring settings under the id ${id}`);
    schemas.set(id, settingsSchema);
  }
  return schemas;
}
