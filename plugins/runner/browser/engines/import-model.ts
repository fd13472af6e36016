/** Which imports of the script in the editor would fail on the engine in use, updated as the person types. */

import { Token } from '@lumino/coreutils';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { createClient, type LiveEvents } from '@ved/core/browser';
import type { Editors, ScriptEditor } from '@ved/editor/contract';
import { enginesChanged, IMPORTS_LIMIT_CHARACTERS, type MissingImports, runnerRoutes } from '@ved/runner/contract';
import { withBlock } from './with-block.ts';

const client = createClient(runnerRoutes);

/** After the last keystroke. */
const PAUSE_MS = 600;

export const ImportModelToken = new Token<ImportModel>('@ved/runner:ImportModel', 'Which imports would fail (internal to the runner).');

/** The result for the script in the editor. */
export interface CheckedImports extends MissingImports {
  readonly editor: ScriptEditor;
}

export class ImportModel implements IDisposable {
  readonly changed = new Signal<this, void>(this);
  /** Null until the server has answered. */
  current: CheckedImports | null = null;
  private readonly subscriptions = new DisposableSet();
  private editor: ScriptEditor | null = null;
  /** The text last sent to the server; null to ask again. */
  private asked: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Null without the editor plugin: then there is never a result. */
    private readonly editors: Editors | null,
    live: LiveEvents,
    /** Viewers, who cannot run scripts, see no warnings. */
    private readonly canRun: boolean,
  ) {
    this.subscriptions.add(live.on(enginesChanged, () => this.askAgain()));
    editors?.currentChanged.connect(this.follow, this);
    this.follow();
  }

  get isDisposed(): boolean {
    return this.subscriptions.isDisposed;
  }
  dispose(): void {
    clearTimeout(this.timer);
    this.editors?.currentChanged.disconnect(this.follow, this);
    this.editor?.changed.disconnect(this.onText, this);
    this.subscriptions.dispose();
    Signal.clearData(this);
  }

  /** Adds the lines that declare the missing packages to the text, as one undoable edit. */
  addBlock(): void {
    const { editor, block } = this.current ?? {};
    if (editor && block) editor.replaceAll(withBlock(editor.text, block));
  }

  private follow(): void {
    const editor = this.editors?.current ?? null;
    if (editor === this.editor) return;
    this.editor?.changed.disconnect(this.onText, this);
    this.editor = editor;
    editor?.changed.connect(this.onText, this);
    this.show(null);
    this.askAgain();
  }

  private onText(): void {
    if (this.editor?.text === this.asked) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), PAUSE_MS);
  }

  private askAgain(): void {
    this.asked = null;
    void this.ask();
  }

  /** Never rejects: on an error nothing is shown, and the workspace shows a lost connection itself. */
  private async ask(): Promise<void> {
    clearTimeout(this.timer);
    const editor = this.editor;
    if (!this.canRun || !editor || editor.readOnly || editor.text === this.asked) return;
    const content = editor.text;
    this.asked = content;
    if (content.length > IMPORTS_LIMIT_CHARACTERS) return this.show(null);
    const found = await client.missingImports({ body: { content } }).catch(() => null);
    // Ignored if another text was sent since.
    if (editor === this.editor && content === this.asked) this.show(found && { ...found, editor });
  }

  private show(found: CheckedImports | null): void {
    if (found === null && this.current === null) return;
    this.current = found;
    this.changed.emit();
  }
}
