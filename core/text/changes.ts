/** Finds which lines differ between two texts. */
import { diffArrays } from 'diff';

/** Entries `[oldStart, oldEnd)` of one list became entries `[newStart, newEnd)` of another; counted from 0. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/**
 * The most edits to search for; beyond it, everything from the first change to the last counts as one change.
 * The cost grows with the square of the limit: the worst case, two texts with nothing in common, takes
 * about 50 ms.
 */
export const EDIT_LIMIT = 1_000;
/** The limit while a person types and waits for each key: about 5 ms. */
export const TYPING_EDIT_LIMIT = 300;

/** The number of equal entries at the start (`head`), and of the remaining ones, at the end (`tail`). */
export function commonEnds<T>(a: readonly T[], b: readonly T[]): { head: number; tail: number } {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
}

/** The shortest list of changes that turns `a` into `b`, in order; a single change when more than `editLimit` edits are needed. */
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
 * For each entry of the newer list, its index in the older one; null for a changed or new entry.
 * `changes` turn the older list into the newer one, which has `length` entries.
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
