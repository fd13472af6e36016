/** Where the lines of an editor are, for what is drawn beside them. All in CSS pixels from the beginning of the text; lines count from 1. */
import type { ISignal } from '@lumino/signaling';

export interface LinePlaces {
  readonly scrollTop: number;
  readonly contentHeight: number;
  /** What is seen of it at once. */
  readonly viewHeight: number;
  readonly lineHeight: number;
  /** The view moved over the text. */
  readonly scrolled: ISignal<LinePlaces, void>;
  /** Lines came, went, were folded or wrapped, or the view has another size. */
  readonly moved: ISignal<LinePlaces, void>;
  /** A folded line is where the line is that it is folded into. */
  top(line: number): number;
  bottom(line: number): number;
  scrollBy(pixels: number): void;
  /** Scrolls until the line is seen. */
  reveal(line: number): void;
}
