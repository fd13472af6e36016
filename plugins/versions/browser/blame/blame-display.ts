/** Blame in one tab: created when it is turned on, disposed with the tab or when it is turned off. */
import type { IDisposable } from '@lumino/disposable';
import type { ScriptEditor } from '@ved/editor/contract';
import { BlameCard } from './blame-card.tsx';
import { BlameColumn, type RunSelection } from './blame-column.ts';
import { type BlameClient, ScriptBlame } from './script-blame.ts';

export interface BlameDisplayOptions {
  readonly client: BlameClient;
  openVersion(scriptId: number, versionId: number): void;
  /** Shows a prompt in the assistant's log; null when there is no assistant. */
  readonly openPrompt: ((interactionId: number) => void) | null;
  /** It could not be loaded. */
  onError(error: unknown, retry: () => void): void;
}

interface Shown {
  readonly blame: ScriptBlame;
  readonly column: BlameColumn;
  readonly card: BlameCard;
}

export class BlameDisplay implements IDisposable {
  private shown: Shown | null = null;
  private disposed = false;

  constructor(
    private readonly editor: ScriptEditor,
    private readonly options: BlameDisplayOptions,
  ) {}

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    this.hide();
  }

  setShown(shown: boolean): void {
    if (shown === (this.shown !== null) || this.disposed) return;
    if (shown) this.show();
    else this.hide();
  }

  /** Opens and focuses the card of the line with the cursor. */
  showCursorLine(): void {
    this.shown?.column.select(this.editor.lines.cursorLine);
  }

  private show(): void {
    const { lines } = this.editor;
    const card = new BlameCard();
    const blame = new ScriptBlame(this.editor, this.options.client);
    const column = new BlameColumn(blame, lines, () => {
      // One step at a time: close the card first.
      if (card.isVisible) card.hide();
      else lines.focusText();
    });
    this.shown = { blame, column, card };
    column.selected.connect((_, selected) => this.openCard(selected));
    column.left.connect(() => card.closeSoon());
    lines.scrolled.connect(card.closeSoon, card);
    let reported: unknown = null;
    blame.changed.connect(() => {
      if (blame.error && blame.error !== reported) this.options.onError(blame.error, () => blame.retry());
      reported = blame.error;
    });
    lines.showBeside(column.node);
  }

  private hide(): void {
    if (!this.shown) return;
    const { blame, column, card } = this.shown;
    this.shown = null;
    for (const part of [card, column, blame]) part.dispose();
    this.editor.lines.showBeside(null);
  }

  private openCard({ run, anchor, pressed }: RunSelection): void {
    const { blame, card } = this.shown!;
    const { scriptId, pinned } = this.editor;
    const version = blame.versionOf(run);
    const isThisText = pinned && this.editor.version?.id === version?.id;
    const { openVersion, openPrompt } = this.options;
    const interactionId = version?.interactionId ?? null;
    card.open(
      {
        run,
        version,
        onOpenVersion: version && !isThisText ? () => openVersion(scriptId!, version.id) : null,
        onOpenPrompt: interactionId !== null && openPrompt ? () => openPrompt(interactionId) : null,
      },
      anchor,
      pressed,
    );
  }
}
