/**
 * Stored settings outlive the schema they were written for: a setting moves to
 * another part, or loses a value. The registry would refuse all of that part,
 * which then would not start.
 */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import json5 from 'json5';
import { InterpretingSchemaValidator } from './schema-validator.ts';

const validator = new InterpretingSchemaValidator();

/** The text as it is when the schema takes it; else what the schema takes of it, as JSON. Nothing of a text that cannot be read. */
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
