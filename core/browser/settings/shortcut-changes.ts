/** Converts the user's changes of shortcuts from and to the list that JupyterLab's registry merges with the defaults. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { CommandRegistry } from '@lumino/commands';
import { JSONExt, type ReadonlyPartialJSONObject } from '@lumino/coreutils';

export type Shortcut = ISettingRegistry.IShortcut;

export interface ShortcutRow {
  /** The plugin's default. */
  readonly original: Shortcut;
  /** The current keys; empty when the user removed them. */
  readonly keys: readonly string[];
  readonly changed: boolean;
}

/** Each default with its current keys. */
export function shortcutRows(defaults: readonly Shortcut[], own: readonly Shortcut[]): ShortcutRow[] {
  return defaults.map((original) => {
    const given = original.keys.length === 0 && own.find((change) => !change.disabled && isSame(change, original));
    if (given) return { original, keys: given.keys, changed: true };
    const isDisabled = own.some((change) => change.disabled && isSame(change, original) && hasKeys(change, original.keys));
    const replacement = own.find((change) => !change.disabled && isSame(change, original));
    return { original, keys: isDisabled ? (replacement?.keys ?? []) : original.keys, changed: isDisabled };
  });
}

/** The changes after `original` was given other keys; no keys remove it, its own keys restore it. */
export function withKeys(own: readonly Shortcut[], original: Shortcut, keys: readonly string[]): Shortcut[] {
  const others = own.filter((change) => !isSame(change, original));
  if (hasKeys(original, keys)) return others;
  if (original.keys.length === 0) return [...others, { ...original, keys: [...keys] }];
  const removed: Shortcut = { ...original, disabled: true };
  return keys.length === 0 ? [...others, removed] : [...others, removed, { ...original, keys: [...keys] }];
}

/** An entry without keys for each offered command that has no default shortcut. */
export function withoutKeys(offered: readonly Offered[], defaults: readonly Shortcut[]): Shortcut[] {
  const shortcuts = offered.map(({ command, args }) => ({ command, args: { ...args }, keys: [], selector: 'body' }) as Shortcut);
  return shortcuts.filter((shortcut, index) => {
    const isFirst = shortcuts.findIndex((other) => isSame(other, shortcut)) === index;
    return isFirst && !defaults.some((other) => isSame({ ...other, selector: 'body' }, shortcut));
  });
}

/** A command in the palette. */
export interface Offered {
  readonly command: string;
  readonly args: ReadonlyPartialJSONObject;
}

/** The other row that already has these keys in the same context, if any. */
export function clashingRow(rows: readonly ShortcutRow[], original: Shortcut, keys: readonly string[]): ShortcutRow | undefined {
  if (keys.length === 0) return undefined;
  return rows.find((row) => row.original !== original && placeOf(row.original) === placeOf(original) && hasKeys(row, keys));
}

/** Keys that apply everywhere but only at times clash with those that always apply. */
function placeOf({ selector }: Shortcut): string {
  return selector.replace(/^body\[.*\]$/, 'body');
}

function isSame(a: Shortcut, b: Shortcut): boolean {
  return a.command === b.command && a.selector === b.selector && JSONExt.deepEqual(a.args ?? {}, b.args ?? {});
}

function hasKeys(shortcut: { readonly keys: readonly string[] }, keys: readonly string[]): boolean {
  return normalised(shortcut.keys) === normalised(keys);
}

function normalised(keys: readonly string[]): string {
  return keys.map((key) => CommandRegistry.normalizeKeystroke(key)).join(' then ');
}
