/** Where the lines of an editor are, for what is drawn beside them. */
import type { ISignal } from '@lumino/signaling';
import type { PageElement } from '@ved/core/contract';

/** Lines count from 1. Places are in CSS pixels from the beginning of the text. */
export interface EditorLines {
  readonly scrollTop: number;
  readonly contentHeight: number;
  /** What is seen of it at once. */
  readonly viewHeight: number;
  readonly lineHeight: number;
  /** The view moved over the text. */
  readonly scrolled: ISignal<EditorLines, void>;
  /** Lines came, went, were folded or wrapped, or the view has another size. */
  readonly moved: ISignal<EditorLines, void>;
  /** The line that the cursor is in. */
  readonly cursorLine: number;
  /** A folded line is where the line is that it is folded into. */
  top(line: number): number;
  bottom(line: number): number;
  scrollBy(pixels: number): void;
  /** Scrolls until the line is seen. */
  reveal(line: number): void;
  /** Puts an element to the left of the text, as wide as its CSS says, or takes it away. There is room for one. */
  showBeside(element: PageElement | null): void;
  focusText(): void;
}
