/** The editors' API for other plugins of the workspace. No widget crosses it. */
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
  /** What a save would send of the text and the test data; each null when the server already has it. */
  readonly unsaved: { readonly text: string | null; readonly testData: string | null };
  readonly readOnly: boolean;
  /** Whether it always shows this version instead of the newest. */
  readonly pinned: boolean;
  /** The selected text, empty when none. */
  readonly selection: string;
  readonly lines: EditorLines;
  /** Something above changed. */
  readonly changed: ISignal<ScriptEditor, void>;
  /** Its tab was closed; it can no longer be used. */
  readonly closed: ISignal<ScriptEditor, void>;
  /** Inserts text at the cursor or over the selection, as one undo step. */
  insert(text: string): void;
  /** Replaces the whole text, as one undo step. */
  replaceAll(text: string): void;
  /** Saves; resolves with whether the text is now saved (false when the person cancelled). */
  save(): Promise<boolean>;
  revealLine(line: number): void;
}

export interface TextSide {
  readonly title: string;
  readonly text: string;
}

export interface ReadOnlyText extends TextSide {
  /** Whether it is highlighted as Python. */
  readonly isPython: boolean;
}

export interface Editors {
  /** The editor last in use, or null. */
  readonly current: ScriptEditor | null;
  readonly currentChanged: ISignal<Editors, ScriptEditor | null>;
  /** Every open editor. */
  readonly all: readonly ScriptEditor[];
  readonly opened: ISignal<Editors, ScriptEditor>;
  /** Opens a script, or shows the editor that has it; an older version opens read-only in another tab. With `keepFocus` the focus does not move. */
  open(scriptId: number, options?: { versionId?: number; line?: number; keepFocus?: boolean }): Promise<ScriptEditor>;
  openNew(content?: string): Promise<ScriptEditor>;
  /** Two texts side by side, read-only, with a switch to inline. */
  openDiff(id: string, left: TextSide, right: TextSide): void;
  /** One read-only text in its own tab; an id always means the same text, and showing it again activates its tab. */
  openText(id: string, text: ReadOnlyText): void;
  /**
   * Three panes: ours, theirs, and the editable result. `use` gets the result's text when the person is done and returns whether it
   * was used; the panes stay until then. Resolves with whether it was used, false when cancelled.
   */
  resolveConflict(conflict: {
    title: string;
    base: TextSide;
    ours: TextSide;
    theirs: TextSide;
    use(result: string): Promise<boolean>;
  }): Promise<boolean>;
  /** Adds a button that executes a command to every editor's toolbar; lower rank is further left, and more than six items go to the `⋯` menu. Save has rank 10. */
  addToolbarCommand(item: { command: string; rank: number; label?: string; overflow?: boolean }): void;
  /** Sets the command that shows a script's versions: a click on an editor's version badge executes it with `scriptId`. */
  setVersionsCommand(command: string): void;
}
export const Editors = new Token<Editors>('@ved/editor:Editors', 'Opens scripts and knows the current one.');
