/** Reads all declared settings from the environment, and formats the help about them. */
import type { SettingDefinition, SettingsDefinition, SettingsOf } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings with the name of their owner. */
export interface DeclaredSettings {
  readonly owner: string;
  readonly settings: SettingsDefinition;
}

export interface ReadSettings {
  /** Bad values, and variables with two owners; empty when there are none. */
  readonly faults: readonly string[];
  /** Undeclared `VED_*` variables, most likely misspelt. */
  readonly unknown: readonly string[];
  /** The parsed values of one owner's settings. Throws for an undeclared setting. */
  of<D extends SettingsDefinition>(definition: D): SettingsOf<D>;
}

/** Parses all settings. An empty variable counts as unset. Faults never quote a secret. */
export function readSettings(declared: readonly DeclaredSettings[], env: Environment): ReadSettings {
  const faults: string[] = [];
  const values = new Map<SettingDefinition, unknown>();
  const owners = new Map<string, string>();
  for (const { owner, settings } of declared) {
    for (const setting of Object.values(settings)) {
      if (values.has(setting)) continue;
      const earlier = owners.get(setting.variable);
      if (earlier !== undefined) faults.push(`${setting.variable} is declared by ${earlier} and by ${owner}; a variable has one owner`);
      owners.set(setting.variable, owner);
      const text = env[setting.variable] || undefined;
      const result = setting.schema.safeParse(text);
      if (result.success) values.set(setting, result.data);
      else faults.push(describeBadValue(setting, text, result.error.issues[0]?.message ?? 'is not valid'));
    }
  }
  return {
    faults,
    unknown: Object.keys(env).filter((name) => name.startsWith('VED_') && !owners.has(name)),
    of: <D extends SettingsDefinition>(definition: D) =>
      Object.fromEntries(
        Object.entries(definition).map(([key, setting]) => {
          if (!values.has(setting)) throw new Error(`the setting ${setting.variable} was asked for but not declared`);
          return [key, values.get(setting)];
        }),
      ) as SettingsOf<D>,
  };
}

function describeBadValue(setting: SettingDefinition, text: string | undefined, message: string): string {
  const shown = setting.secret || text === undefined ? '' : ` (it is ${JSON.stringify(text.slice(0, 100))})`;
  return `${setting.variable}: ${message}${shown}`;
}

/** One line per setting, for `--help`. */
export function describeSettings(declared: readonly DeclaredSettings[]): string {
  const settings = declared.flatMap((owner) => Object.values(owner.settings));
  const width = Math.max(...settings.map((setting) => setting.variable.length));
  return settings
    .map((setting) => {
      const fallback = setting.defaultText === undefined ? '' : ` [${setting.defaultText}]`;
      return `  ${setting.variable.padEnd(width)}  ${setting.description}${fallback}`;
    })
    .join('\n');
}
