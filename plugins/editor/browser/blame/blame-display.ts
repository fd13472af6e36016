/** Blame in one tab: made when it is wanted, gone with the tab or when it is wanted no more. */
import type { IDisposable } from '@lumino/disposable';
import type { OpenScript } from '../tabs/open-script.ts';
import { BlameCard } from './blame-card.tsx';
import { BlameColumn, type RunWanted } from './blame-column.ts';
import { type BlameClient, ScriptBlame } from './script-blame.ts';

export interface BlameDisplayOptions {
  readonly client: BlameClient;
  openVersion(scriptId: number, versionId: number): void;
  /** Shows a prompt in the assistant's log; null when there is no assistant. */
  readonly openPrompt: ((interactionId: number) => void) | null;
  /** It could not be had. */
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
    private readonly script: OpenScript,
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

  /** All about the line that the cursor is in, with the focus in it. */
  askAboutCursorLine(): void {
    this.shown?.column.want(this.script.view.cursorLine);
  }

  private show(): void {
    const { view, document } = this.script;
    const card = new BlameCard();
    const blame = new ScriptBlame(document, this.options.client);
    const column = new BlameColumn(blame, view.places, () => {
      // One step at a time: what is open first.
      if (card.isVisible) card.hide();
      else view.focusText();
    });
    this.shown = { blame, column, card };
    column.wanted.connect((_, wanted) => this.openCard(wanted));
    column.left.connect(() => card.closeSoon());
    view.places.scrolled.connect(card.closeSoon, card);
    let told: unknown = null;
    blame.changed.connect(() => {
      if (blame.error && blame.error !== told) this.options.onError(blame.error, () => blame.retry());
      told = blame.error;
    });
    view.setSide(column.node);
  }

  private hide(): void {
    if (!this.shown) return;
    const { blame, column, card } = this.shown;
    this.shown = null;
    for (const part of [card, column, blame]) part.dispose();
    if (!this.script.view.isDisposed) this.script.view.setSide(null);
  }

  private openCard({ run, beside, pressed }: RunWanted): void {
    const { blame, card } = this.shown!;
    const { document } = this.script;
    const version = blame.versionOf(run);
    const isThisText = document.pinned && document.version?.id === version?.id;
    const { openVersion, openPrompt } = this.options;
    const interactionId = version?.interactionId ?? null;
    card.open(
      {
        run,
        version,
        onOpenVersion: version && !isThisText ? () => openVersion(document.scriptId!, version.id) : null,
        onOpenPrompt: interactionId !== null && openPrompt ? () => openPrompt(interactionId) : null,
      },
      beside,
      pressed,
    );
  }
}
