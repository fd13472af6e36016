/** A buffer and what the server has of it. Invariant: `dirty` is true exactly when the two differ. */
import type { TextBuffer } from './text-buffer.ts';

/** A snapshot of the buffer, such as what a running save has sent. */
export interface TextState {
  readonly text: string;
  readonly revision: number;
}

export class EditedText {
  private saved: TextState;

  /** `savedText` is what the server has. */
  constructor(
    readonly buffer: TextBuffer,
    savedText: string,
  ) {
    this.saved = { text: savedText, revision: buffer.revision };
  }

  /** What the server has, byte for byte. */
  get savedText(): string {
    return this.saved.text;
  }

  get dirty(): boolean {
    const { buffer, saved } = this;
    if (buffer.revision === saved.revision) return false;
    return buffer.length !== saved.text.length || buffer.text !== saved.text;
  }

  capture(): TextState {
    return { text: this.buffer.text, revision: this.buffer.revision };
  }

  /** The server now has this state; what was typed since stays dirty. */
  markSaved(state: TextState): void {
    this.saved = state;
    this.buffer.markSaved(state.text);
  }

  /** The server has a different text: shows it, and nothing is dirty. */
  adopt(text: string): void {
    this.buffer.adopt(text);
    this.saved = { text, revision: this.buffer.revision };
  }
}
