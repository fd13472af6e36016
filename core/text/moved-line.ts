/** Finds where a line of a text is in a later text. */
import { changesBetween, originsOf } from './changes.ts';
import { shownText } from './line-ends.ts';

/**
 * The line of `now`, counted from 1, that was line `line` of `before`: the one that
 * a diff matches, else the nearest with the same text, since it may have been moved.
 * Lines are counted as Python and the editor do, and compared without trailing
 * blanks. Null when the line is gone or was blank.
 */
export function movedLine(before: string, now: string, line: number): number | null {
  if (before === now) return line;
  const [old, current] = [linesOf(before), linesOf(now)];
  const wanted = old[line - 1];
  if (!wanted) return null;
  const kept = originsOf(changesBetween(old, current), current.length).indexOf(line - 1);
  if (kept >= 0) return kept + 1;
  let nearest: number | null = null;
  for (const [index, text] of current.entries())
    if (text === wanted && (nearest === null || Math.abs(index + 1 - line) < Math.abs(nearest - line))) nearest = index + 1;
  return nearest;
}

function linesOf(text: string): string[] {
  return shownText(text)
    .split('\n')
    .map((each) => each.trimEnd());
}
