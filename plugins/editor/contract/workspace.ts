/** What other plugins of the workspace may ask of the editors. No widget crosses this seam. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { VersionInfo } from '@ved/catalog/contract';
import type { EditorLines } from './lines.ts';

/** One open script. */
export interface ScriptEditor {
  /** Null for a new script that was never saved. */
  readonly scriptId: number | null;
  /** The version that the text was loaded from or last saved as; null for a new script. */
  readonly version: VersionInfo | null;
  readonly title: string;
  readonly text: string;
  /** The text of `version`, as the server has it; empty for a new script. */
  readonly savedText: string;
  readonly dirty: boolean;
  /** What a save would send, of the text and of the test data; each null while the server has it so. */
  readonly unsaved: { readonly text: string | null; readonly testData: string | null };
  readonly readOnly: boolean;
  /** Whether it shows this version for good, and not the newest. */
  readonly pinned: boolean;
  /** The selected text, empty when none. */
  readonly selection: string;
  readonly lines: EditorLines;
  /** Something above changed. */
  readonly changed: ISignal<ScriptEditor, void>;
  /** Its tab is closed; nothing of it can be used any more. */
  readonly closed: ISignal<ScriptEditor, void>;
  /** Puts text at the cursor or over the selection, as one step that can be undone. */
  insert(text: string): void;
  /** Replaces the whole text, as one step that can be undone. */
  replaceAll(text: string): void;
  /** Saves; resolves with whether the text is now saved (false when the person gave up). */
  save(): Promise<boolean>;
  revealLine(line: number): void;
}

export interface TextSide {
  readonly title: string;
  readonly text: string;
}

export interface ReadOnlyText extends TextSide {
  /** Whether it is coloured as Python. */
  readonly isPython: boolean;
}

export interface Editors {
  /** The editor last in use, or null. */
  readonly current: ScriptEditor | null;
  readonly currentChanged: ISignal<Editors, ScriptEditor | null>;
  /** Every open editor. */
  readonly all: readonly ScriptEditor[];
  readonly opened: ISignal<Editors, ScriptEditor>;
  /** Opens a script, or shows the editor that has it; an older version opens read-only beside it. With `keepFocus` the keyboard stays where it is. */
  open(scriptId: number, options?: { versionId?: number; line?: number; keepFocus?: boolean }): Promise<ScriptEditor>;
  openNew(content?: string): Promise<ScriptEditor>;
  /** Two texts side by side, read-only, with a switch to inline. */
  openDiff(id: string, left: TextSide, right: TextSide): void;
  /** One text, read-only, in a tab of its own; the id names that text for good, and brings its tab to the front again. */
  openText(id: string, text: ReadOnlyText): void;
  /**
   * Three panes: ours, theirs, and the result to edit. `use` gets the result's text when the person is done, and says whether it was
   * used; the panes stay until then. Resolves with whether it was, false when given up.
   */
  resolveConflict(conflict: {
    title: string;
    base: TextSide;
    ours: TextSide;
    theirs: TextSide;
    use(result: string): Promise<boolean>;
  }): Promise<boolean>;
  /** Adds a button that executes a command to every editor's toolbar; lower rank is further left, and beyond six items they go to the `⋯` menu. Save is 10. */
  addToolbarCommand(item: { command: string; rank: number; label?: string; overflow?: boolean }): void;
  /** Names the command that shows the versions of a script: what a press on an editor's version badge executes, with `scriptId`. */
  setVersionsCommand(command: string): void;
}
export const Editors = new Token<Editors>('@ved/editor:Editors', 'Opens scripts and knows the current one.');
