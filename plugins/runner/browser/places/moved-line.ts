/** Where a line of a text has gone to in a later text. */

/**
 * The line, from 1, of `now` that reads as line `line` of `ran` did: the nearest
 * one, as a person types above and below. Null when it is gone, or was blank.
 */
export function movedLine(ran: string, now: string, line: number): number | null {
  if (ran === now) return line;
  const wanted = ran.split('\n')[line - 1]?.trimEnd();
  if (!wanted) return null;
  let nearest: number | null = null;
  for (const [index, text] of now.split('\n').entries()) {
    const distance = Math.abs(index + 1 - line);
    if (text.trimEnd() === wanted && (nearest === null || distance < Math.abs(nearest - line))) nearest = index + 1;
  }
  return nearest;
}
