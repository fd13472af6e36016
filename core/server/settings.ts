/**
 * Settings come from the environment, all optional. A plugin declares its own;
 * all are parsed before anything starts, and `--help` lists them.
 */
import type { z } from 'zod';

export interface SettingDefinition<S extends z.ZodType = z.ZodType> {
  /** The name of the environment variable. */
  readonly variable: string;
  /** Parses the text of the variable; `undefined` when it is not set, so that it carries the default. */
  readonly schema: S;
  /** One line for `--help`. */
  readonly description: string;
  /** What `--help` says of the default, when the schema alone would not tell. */
  readonly defaultText?: string;
  /** Never logged or shown. */
  readonly secret?: boolean;
}

export type SettingsDefinition = Readonly<Record<string, SettingDefinition>>;

export type SettingsOf<D extends SettingsDefinition> = { readonly [K in keyof D]: z.output<D[K]['schema']> };

/** Declares a plugin's settings; keeps their types. */
export function defineSettings<const D extends SettingsDefinition>(definition: D): D {
  return definition;
}
