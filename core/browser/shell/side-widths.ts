/**
 * The shell stores the widths of the sides as fractions of its own width. A
 * layout follows the user from a laptop to a wide screen, where the same fraction
 * is three times as wide. Users choose a width, so this keeps the width.
 */
import type { ILabShell } from '@jupyterlab/application';

/** Left, main, right. */
type Shares = readonly [number, number, number];

/** The largest fraction for both sides, so that an editor fits between them on a narrow screen. */
const MOST_OF_SIDES = 0.6;

/** The fractions that give the sides the widths they had when the shell was `thenPx` wide. */
export function sharesFor([left, main, right]: Shares, thenPx: number, nowPx: number): Shares {
  const total = left + main + right;
  if (!(total > 0 && thenPx > 0 && nowPx > 0)) return [left, main, right];
  const scale = thenPx / nowPx / total;
  const sides = (left + right) * scale;
  const fit = sides > MOST_OF_SIDES ? MOST_OF_SIDES / sides : 1;
  const [newLeft, newRight] = [left * scale * fit, right * scale * fit];
  return [newLeft, 1 - newLeft - newRight, newRight];
}

/** A layout with its fractions adjusted to the shell's current width. */
export function atWidth(layout: ILabShell.ILayout, thenPx: number | undefined, nowPx: number): ILabShell.ILayout {
  const { relativeSizes } = layout;
  if (typeof thenPx !== 'number' || thenPx === nowPx || relativeSizes?.length !== 3) return layout;
  return { ...layout, relativeSizes: [...sharesFor(relativeSizes as unknown as Shares, thenPx, nowPx)] };
}
