/**
 * Settings are environment variables, all optional. A plugin declares its own; all
 * are parsed before anything starts, and `--help` lists them.
 */
import type { z } from 'zod';

export interface SettingDefinition<S extends z.ZodType = z.ZodType> {
  /** The name of the environment variable. */
  readonly variable: string;
  /** Parses the variable's text; gets `undefined` when it is not set, so it also has the default. */
  readonly schema: S;
  /** One line for `--help`. */
  readonly description: string;
  /** The default as shown in `--help`, when the schema does not have it. */
  readonly defaultText?: string;
  /** Whether the value must never be logged or shown. */
  readonly secret?: boolean;
}

export type SettingsDefinition = Readonly<Record<string, SettingDefinition>>;

export type SettingsOf<D extends SettingsDefinition> = { readonly [K in keyof D]: z.output<D[K]['schema']> };

/** Declares a plugin's settings, preserving their types. */
export function defineSettings<const D extends SettingsDefinition>(definition: D): D {
  return definition;
}
