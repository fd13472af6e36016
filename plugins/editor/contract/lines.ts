/** Where the lines of an editor are, for drawing next to them. */
import type { ISignal } from '@lumino/signaling';
import type { PageElement } from '@ved/core/contract';

/** Lines count from 1. Positions are in CSS pixels from the top of the text. */
export interface EditorLines {
  readonly scrollTop: number;
  readonly contentHeight: number;
  /** The visible height. */
  readonly viewHeight: number;
  readonly lineHeight: number;
  /** The view was scrolled. */
  readonly scrolled: ISignal<EditorLines, void>;
  /** Lines were added, removed, folded or wrapped, or the view was resized. */
  readonly moved: ISignal<EditorLines, void>;
  /** The line that the cursor is in. */
  readonly cursorLine: number;
  /** A folded line has the position of the line that it is folded into. */
  top(line: number): number;
  bottom(line: number): number;
  scrollBy(pixels: number): void;
  /** Scrolls until the line is visible. */
  reveal(line: number): void;
  /** Shows an element to the left of the text, as wide as its CSS says, or removes it (null). One at a time. */
  showBeside(element: PageElement | null): void;
  focusText(): void;
}
