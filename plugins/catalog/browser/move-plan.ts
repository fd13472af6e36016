/**
 * Works out which numbers change when a script is moved. Pure: the panel shows
 * the plan first, and the server applies all of it or nothing. Numbers are
 * hundredths here (302 is 3.02); a group is the integer part.
 */

export interface Numbered {
  readonly id: number;
  /** Hundredths. */
  readonly ordering: number;
}

export interface Move {
  readonly id: number;
  /** Hundredths. */
  readonly ordering: number;
}

/** A position in a group: before another script of the group, or at its end when `beforeId` is null. */
export interface QueuePosition {
  readonly group: number;
  readonly beforeId: number | null;
}

/** The most scripts in one group: .00 to .99. */
const GROUP_SIZE = 100;

/** The group of a number in hundredths. */
export function groupOf(ordering: number): number {
  return Math.floor(ordering / GROUP_SIZE);
}

/** Hundredths of a JSON number with at most two decimals. */
export function toHundredths(orderingNumber: number): number {
  return Math.round(orderingNumber * 100);
}

/** `3.02` */
export function formatNumber(ordering: number): string {
  return (ordering / 100).toFixed(2);
}

/**
 * The fewest moves that put a script there and keep the order of the others;
 * empty when it is there already, null when the group is full.
 */
export function planMove(scripts: readonly Numbered[], id: number, position: QueuePosition): Move[] | null {
  const moved = scripts.find((script) => script.id === id);
  if (!moved) return [];
  const first = position.group * GROUP_SIZE;
  const others = scripts
    .filter((script) => script.id !== id && groupOf(script.ordering) === position.group)
    .sort((a, b) => a.ordering - b.ordering);
  const at = position.beforeId === null ? others.length : others.findIndex((script) => script.id === position.beforeId);
  if (at < 0 || others.length >= GROUP_SIZE) return null;
  const previous = others[at - 1]?.ordering ?? first - 1;
  const next = others[at]?.ordering ?? first + GROUP_SIZE;
  if (groupOf(moved.ordering) === position.group && moved.ordering > previous && moved.ordering < next) return [];
  if (next - previous > 1) return [{ id, ordering: freeBetween(previous, next, first) }];
  return shiftUp(others, at, id, previous + 1, first) ?? shiftDown(others, at, id, first);
}

/** The number after the previous script, as people number by hand: 3.01, 3.02, … A group starts at .01 when that is free. */
function freeBetween(previous: number, next: number, first: number): number {
  if (previous < first) return next - first > 1 ? Math.max(first, Math.min(first + 1, next - 1)) : first;
  return previous + 1;
}

/** Takes the number after the previous script; the scripts that follow without a gap move up by one. Null when the last would leave the group. */
function shiftUp(others: readonly Numbered[], at: number, id: number, ordering: number, first: number): Move[] | null {
  const moves: Move[] = [{ id, ordering }];
  let taken = ordering;
  for (const other of others.slice(at)) {
    if (other.ordering > taken) break;
    taken += 1;
    moves.push({ id: other.id, ordering: taken });
  }
  return taken < first + GROUP_SIZE ? moves : null;
}

/** As `shiftUp`, downwards: the scripts before it without a gap move down by one. */
function shiftDown(others: readonly Numbered[], at: number, id: number, first: number): Move[] | null {
  let taken = others[at - 1]?.ordering ?? first;
  const moves: Move[] = [{ id, ordering: taken }];
  for (const other of others.slice(0, at).reverse()) {
    if (other.ordering < taken) break;
    taken -= 1;
    moves.push({ id: other.id, ordering: taken });
  }
  return taken >= first ? moves : null;
}

/**
 * The position one step up or down from where a script is: past its neighbour,
 * into the next group, or into a new group after the last. Null at the top.
 */
export function adjacentPosition(scripts: readonly Numbered[], id: number, step: -1 | 1): QueuePosition | null {
  const sorted = [...scripts].sort((a, b) => a.ordering - b.ordering);
  const at = sorted.findIndex((script) => script.id === id);
  const moved = sorted[at];
  if (!moved) return null;
  const group = groupOf(moved.ordering);
  const neighbour = sorted[at + step];
  if (!neighbour) {
    const alone = !sorted.some((script) => script.id !== id && groupOf(script.ordering) === group);
    return step === 1 && !alone ? { group: group + 1, beforeId: null } : null;
  }
  const neighbourGroup = groupOf(neighbour.ordering);
  if (neighbourGroup !== group) {
    const last = step === -1;
    return { group: neighbourGroup, beforeId: last ? null : neighbour.id };
  }
  if (step === -1) return { group, beforeId: neighbour.id };
  const after = sorted[at + 2];
  return { group, beforeId: after && groupOf(after.ordering) === group ? after.id : null };
}
