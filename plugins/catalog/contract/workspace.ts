/** What other plugins of the workspace may ask of the catalog, and what they add to it. */
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
  /** Asks the server again; resolves when the list is up to date. */
  refresh(): Promise<void>;
}
export const Catalog = new Token<Catalog>('@ved/catalog:Catalog', 'The list of scripts, kept up to date.');

/** What opens scripts, and knows which are open: an editor. */
export interface ScriptOpener {
  /** With `keepFocus` the keyboard stays where it is. */
  open(scriptId: number, options?: { keepFocus?: boolean }): Promise<unknown>;
  openNew(): Promise<unknown>;
  /** Saves what is unsaved of a script. Resolves with whether nothing is: false when the person gave up. */
  save(scriptId: number): Promise<boolean>;
  readonly openScripts: ReadonlyMap<number, { readonly dirty: boolean }>;
  /** The script in the editor last in use. */
  readonly currentId: number | null;
  /** Something above changed. */
  readonly changed: ISignal<unknown, void>;
}

/** What a script's row says beside how its last run ended: an icon and a word, never a colour alone. */
export interface RowBadge extends StatusWords {
  /** On pointing at it. */
  readonly title: string;
  /** In the accessible name of the row. */
  readonly spoken: string;
  /** Whether it stands in place of the last run. */
  readonly replacesLastRun?: boolean;
  /** A press on its own icon; for the pointer only, as by keyboard the row's menu does the same. */
  readonly action?: { readonly icon: string; readonly title: string; execute(): void };
}

export interface RowBadges {
  /** Badges came, went or changed. */
  readonly changed: ISignal<unknown, void>;
  /** Null for a script that has none. */
  of(scriptId: number): RowBadge | null;
}

/** Which script is meant, what opens it, and what plugins add to its row. */
export interface Scripts {
  /** The script in the editor last in use. */
  readonly currentId: number | null;
  /** The script of the row that the keyboard is at; null when it is elsewhere. */
  readonly focusedId: number | null;
  /** The script that a command is about: the one that its arguments name, the row that was clicked or has the keyboard, else the current one. */
  of(args: { readonly scriptId?: unknown; readonly inCatalog?: unknown }): number | null;
  /** Opens a script, where something can. */
  open(scriptId: number): Promise<void>;
  /** The catalog's own commands on a script, for the menu of whatever has one open; each takes a `scriptId`. */
  readonly scriptCommands: readonly string[];
  /** Says what opens scripts; once, by an editor. */
  setOpener(opener: ScriptOpener): void;
  addRowBadges(badges: RowBadges): void;
  /** Adds a button that executes a command to the catalog's toolbar. */
  addToolbarCommand(command: string): void;
  /** Adds a command to the menu of every row; executed with `inCatalog`. Lower rank is further up; Open is 0, and what is done to the script itself begins at 100. */
  addRowCommand(item: { readonly command: string; readonly rank: number }): void;
}
export const Scripts = new Token<Scripts>('@ved/catalog:Scripts', 'Which script is meant, and what plugins add to its row.');
