/** Which lines differ between two texts. */
import { diffArrays } from 'diff';

/** Entries `[oldStart, oldEnd)` of one list became entries `[newStart, newEnd)` of another; counted from 0. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/**
 * Edits searched for before the whole stretch from the first change to the last is taken as changed.
 * The search grows with its square; at this limit the worst case, two texts with nothing in common,
 * takes some 50 ms.
 */
export const EDIT_LIMIT = 1_000;
/** The same where a person types, and waits for each key: some 5 ms. */
export const TYPING_EDIT_LIMIT = 300;

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
export function changesBetween<T>(a: readonly T[], b: readonly T[], editLimit: number = EDIT_LIMIT): LineChange[] {
  const { head, tail } = commonEnds(a, b);
  const oldMiddle = a.slice(head, a.length - tail);
  const newMiddle = b.slice(head, b.length - tail);
  if (oldMiddle.length === 0 && newMiddle.length === 0) return [];
  const whole = { oldStart: head, oldEnd: a.length - tail, newStart: head, newEnd: b.length - tail };
  if (oldMiddle.length === 0 || newMiddle.length === 0) return [whole];
  const parts = diffArrays(oldMiddle, newMiddle, { maxEditLength: editLimit });
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

/**
 * For each entry of the newer list the index of the entry of the older one that it is; null for one that is changed or new.
 * `changes` lead from the older to the newer, which has `length` entries.
 */
export function originsOf(changes: readonly LineChange[], length: number): (number | null)[] {
  const origins: (number | null)[] = [];
  let oldAt = 0;
  for (const { oldStart, oldEnd, newEnd } of changes) {
    for (; oldAt < oldStart; oldAt += 1) origins.push(oldAt);
    while (origins.length < newEnd) origins.push(null);
    oldAt = oldEnd;
  }
  for (; origins.length < length; oldAt += 1) origins.push(oldAt);
  return origins;
}
