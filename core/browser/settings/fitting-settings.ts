/**
 * Drops stored settings that no longer match their schema, because a setting has
 * moved to another part or a value is no longer allowed. The registry would reject
 * all settings of the part, and the part would not start.
 */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import json5 from 'json5';
import { InterpretingSchemaValidator } from './schema-validator.ts';

const validator = new InterpretingSchemaValidator();

/** The text unchanged if it is valid; else its valid members, as JSON. A text that cannot be parsed gives an empty object. */
export function fittingSettings(schema: ISettingRegistry.ISchema, raw: string): string {
  const fits = (text: string): boolean =>
    validator.validateData({ id: '', raw: text, schema, version: '', data: { composite: {}, user: {} } }, false) === null;
  if (fits(raw)) return raw;
  const fitting = Object.entries(parseObject(raw)).filter(([name, value]) => fits(JSON.stringify({ [name]: value })));
  return JSON.stringify(Object.fromEntries(fitting));
}

function parseObject(raw: string): object {
  try {
    const value: unknown = json5.parse(raw);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
