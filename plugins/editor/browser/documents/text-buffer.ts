/**
 * A text that a person edits, independent of what shows it. The editor's is a
 * Monaco model; plain text (test data) uses the one below.
 */
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

export interface TextBuffer extends IDisposable {
  readonly text: string;
  /** In UTF-16 units; cheap even when `text` is not. */
  readonly length: number;
  /** Identifies a state of the text: equal numbers mean equal texts, also after undo. */
  readonly revision: number;
  readonly changed: ISignal<TextBuffer, void>;
  /** As one undo step, where there is undo; cursors stay where possible. */
  replaceAll(text: string): void;
  /** Shows what the server has now. */
  adopt(text: string): void;
  /** Shows a text that was typed over what the server has, with its own line endings. */
  restore(text: string): void;
  /** The server now has this text, which is already shown: unchanged lines keep its line endings. */
  markSaved(text: string): void;
}

/** A text without undo. */
export class PlainTextBuffer implements TextBuffer {
  private count = 0;
  private disposed = false;
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(private current: string) {}

  get text(): string {
    return this.current;
  }

  get length(): number {
    return this.current.length;
  }

  get revision(): number {
    return this.count;
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  replaceAll(text: string): void {
    if (text === this.current) return;
    this.current = text;
    this.count += 1;
    this.changedSignal.emit();
  }

  adopt(text: string): void {
    this.replaceAll(text);
  }

  restore(text: string): void {
    this.replaceAll(text);
  }

  markSaved(): void {
    // Nothing is normalised here.
  }

  dispose(): void {
    this.disposed = true;
    Signal.clearData(this);
  }
}
