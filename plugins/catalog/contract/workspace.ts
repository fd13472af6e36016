/** What the catalog offers other browser plugins, and what they can add to it. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { StatusWords } from './last-run.ts';
import type { ScriptSummary } from './scripts.ts';

export interface Catalog {
  /** The live scripts by number, kept up to date; empty until `ready`. */
  readonly scripts: readonly ScriptSummary[];
  readonly ready: Promise<void>;
  readonly changed: ISignal<Catalog, void>;
  find(scriptId: number): ScriptSummary | undefined;
  /** Reloads the list; resolves when it is up to date. */
  refresh(): Promise<void>;
}
export const Catalog = new Token<Catalog>('@ved/catalog:Catalog', 'The list of scripts, kept up to date.');

/** Opens scripts and knows which are open; implemented by an editor. */
export interface ScriptOpener {
  /** With `keepFocus`, the focus stays where it is. */
  open(scriptId: number, options?: { keepFocus?: boolean }): Promise<unknown>;
  openNew(): Promise<unknown>;
  /** Saves a script's unsaved changes, if any. Resolves with false when the user cancelled. */
  save(scriptId: number): Promise<boolean>;
  readonly openScripts: ReadonlyMap<number, { readonly dirty: boolean }>;
  /** The script in the last used editor. */
  readonly currentId: number | null;
  /** Emitted when any of the above changed. */
  readonly changed: ISignal<unknown, void>;
}

/** A badge in a script's row, next to the last run: an icon and a word, never a colour alone. */
export interface RowBadge extends StatusWords {
  /** The tooltip. */
  readonly title: string;
  /** Its text in the accessible name of the row. */
  readonly spoken: string;
  /** Whether it replaces the last run. */
  readonly replacesLastRun?: boolean;
  /** An icon to click. For the pointer only: offer the same in the row's menu for the keyboard. */
  readonly action?: { readonly icon: string; readonly title: string; execute(): void };
}

export interface RowBadges {
  /** Badges were added, removed or changed. */
  readonly changed: ISignal<unknown, void>;
  /** Null for a script without a badge. */
  of(scriptId: number): RowBadge | null;
}

/** Finds the script that a command is about, opens scripts, and takes what plugins add to the catalog. */
export interface Scripts {
  /** The script in the last used editor. */
  readonly currentId: number | null;
  /** The script of the focused row; null when the focus is elsewhere. */
  readonly focusedId: number | null;
  /** The script that a command is about: the one in its arguments, else the clicked or focused row, else the current script. */
  of(args: { readonly scriptId?: unknown; readonly inCatalog?: unknown }): number | null;
  /** Opens a script, if there is an opener. */
  open(scriptId: number): Promise<void>;
  /** The catalog's own commands on a script, for the menu of an editor; each takes a `scriptId`. */
  readonly scriptCommands: readonly string[];
  /** Called once, by the editor. Throws when called again. */
  setOpener(opener: ScriptOpener): void;
  addRowBadges(badges: RowBadges): void;
  /** Adds a button that executes a command to the catalog's toolbar. */
  addToolbarCommand(command: string): void;
  /** Adds a command to the menu of every row; executed with `inCatalog`. Lower ranks come first: Open is 0, the catalog's other commands start at 100. */
  addRowCommand(item: { readonly command: string; readonly rank: number }): void;
}
export const Scripts = new Token<Scripts>('@ved/catalog:Scripts', 'Which script a command is about, and what plugins add to the catalog.');
