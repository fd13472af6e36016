/**
 * Works out which numbers change when a script is moved. Pure: the panel shows
 * the plan before it is carried out, and the server carries it out whole or not
 * at all. Numbers are hundredths here (302 is 3.02); a group is the integer part.
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

/** Where a script is put: into a group, before another script of it, or at its end when `beforeId` is null. */
export interface Place {
  readonly group: number;
  readonly beforeId: number | null;
}

/** Scripts that one group can hold: .00 to .99. */
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
 * The moves that bring a script to a place, the fewest that keep everyone's
 * order; empty when it is there already; null when the group is full.
 */
export function planMove(scripts: readonly Numbered[], id: number, place: Place): Move[] | null {
  const moved = scripts.find((script) => script.id === id);
  if (!moved) return [];
  const first = place.group * GROUP_SIZE;
  const others = scripts
    .filter((script) => script.id !== id && groupOf(script.ordering) === place.group)
    .sort((a, b) => a.ordering - b.ordering);
  const at = place.beforeId === null ? others.length : others.findIndex((script) => script.id === place.beforeId);
  if (at < 0 || others.length >= GROUP_SIZE) return null;
  const previous = others[at - 1]?.ordering ?? first - 1;
  const next = others[at]?.ordering ?? first + GROUP_SIZE;
  if (groupOf(moved.ordering) === place.group && moved.ordering > previous && moved.ordering < next) return [];
  if (next - previous > 1) return [{ id, ordering: freeBetween(previous, next, first) }];
  return shiftUp(others, at, id, previous + 1, first) ?? shiftDown(others, at, id, first);
}

/** Beside the one before, as people number by hand: 3.01, 3.02, … A group that begins anew begins at .01 when that is free. */
function freeBetween(previous: number, next: number, first: number): number {
  if (previous < first) return next - first > 1 ? Math.max(first, Math.min(first + 1, next - 1)) : first;
  return previous + 1;
}

/** Takes the number after the one before; those that follow without a gap each go one up. Null when the last would leave the group. */
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

/** As `shiftUp`, downwards: those before without a gap each go one down. */
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
 * The place one step up or down from where a script is: over its neighbour, or
 * into the group beside, or into a group of its own past the last. Null at the top.
 */
export function neighbouringPlace(scripts: readonly Numbered[], id: number, step: -1 | 1): Place | null {
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
