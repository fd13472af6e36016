/**
 * Texts as lines, each with its own end (`\n`, `\r\n` or, at the end of the
 * text, none), so that joining them gives the text back, byte for byte.
 */
import { diffArrays } from 'diff';
import type { LineChange } from '../../contract/index.ts';

/** The lines of a text as git counts them: only `\n` ends one. An empty text has none. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** A line without its end. */
export function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '');
}

/**
 * Edits searched for before the whole stretch from the first change to the last is taken as changed.
 * The search grows with its square; at this limit the worst case, two texts with nothing in common,
 * takes some 50 ms.
 */
export const EDIT_LIMIT = 1_000;

/** How many entries are the same at both starts, and then at both ends. */
export function commonEnds<T>(a: readonly T[], b: readonly T[]): { head: number; tail: number } {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
}

/** The shortest list of changes that turns `a` into `b`, in order; a coarser one where the two differ beyond measure. */
export function changesBetween<T>(a: readonly T[], b: readonly T[]): LineChange[] {
  const { head, tail } = commonEnds(a, b);
  const oldMiddle = a.slice(head, a.length - tail);
  const newMiddle = b.slice(head, b.length - tail);
  if (oldMiddle.length === 0 && newMiddle.length === 0) return [];
  const whole = { oldStart: head, oldEnd: a.length - tail, newStart: head, newEnd: b.length - tail };
  if (oldMiddle.length === 0 || newMiddle.length === 0) return [whole];
  const parts = diffArrays(oldMiddle, newMiddle, { maxEditLength: EDIT_LIMIT });
  return parts === undefined ? [whole] : collectChanges(parts, head);
}

interface Part {
  readonly added?: boolean;
  readonly removed?: boolean;
  readonly count?: number;
}

function collectChanges(parts: readonly Part[], offset: number): LineChange[] {
  const changes: LineChange[] = [];
  let [oldAt, newAt] = [offset, offset];
  let [oldStart, newStart] = [offset, offset];
  const close = () => {
    if (oldAt > oldStart || newAt > newStart) changes.push({ oldStart, oldEnd: oldAt, newStart, newEnd: newAt });
  };
  for (const { added, removed, count = 0 } of parts) {
    if (!added && !removed) close();
    if (!added) oldAt += count;
    if (!removed) newAt += count;
    if (!added && !removed) [oldStart, newStart] = [oldAt, newAt];
  }
  close();
  return changes;
}
