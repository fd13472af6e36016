/** Where two outputs differ, shortened to what a person can read. */

export interface OutputExcerpt {
  /** The number of the first line shown, from 1. */
  readonly from: number;
  readonly lines: readonly { readonly text: string; readonly differs: boolean }[];
  /** How many lines follow. */
  readonly more: number;
}

/** Lines shown of each output. */
const SHOWN_LINES = 200;
/** Lines shown before the first that differs. */
const LEAD_LINES = 3;

/**
 * Two excerpts that start at the same line. Everything between the common first
 * and common last lines is marked: exact for one change, a little too much for
 * several.
 */
export function outputsApart(a: string, b: string): [OutputExcerpt, OutputExcerpt] {
  const [left, right] = [linesOf(a), linesOf(b)];
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head++;
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  const same = head === left.length && head === right.length;
  const from = same ? 0 : Math.max(0, head - LEAD_LINES);
  return [excerpt(left, from, head, left.length - tail), excerpt(right, from, head, right.length - tail)];
}

function excerpt(lines: readonly string[], from: number, differsFrom: number, differsTo: number): OutputExcerpt {
  const shown = lines.slice(from, from + SHOWN_LINES);
  return {
    from: from + 1,
    lines: shown.map((text, index) => ({ text, differs: from + index >= differsFrom && from + index < differsTo })),
    more: lines.length - from - shown.length,
  };
}

function linesOf(output: string): string[] {
  return output === '' ? [] : output.replace(/\n$/, '').split('\n');
}
