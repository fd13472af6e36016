/** Gives numbers to new scripts: the wanted ones first, so that who must give way takes none that another file names. */
import { nextFreeInGroup, nextGroup } from '../ordering-number.ts';

/**
 * Hundredths for each wish, in order; null where none is left. A wish for a
 * number that is taken, or that an earlier wish has, gets the next free one of
 * its group; no wish gets the group after the last.
 */
export function allotNumbers(wishes: readonly (number | null)[], taken: ReadonlySet<number>): (number | null)[] {
  const used = new Set(taken);
  const given = wishes.map((): number | null => null);
  const give = (index: number, number: number | null): void => {
    given[index] = number;
    if (number !== null) used.add(number);
  };
  for (const [index, wish] of wishes.entries()) if (wish !== null && !used.has(wish)) give(index, wish);
  for (const [index, wish] of wishes.entries()) if (wish !== null && given[index] === null) give(index, nextFreeInGroup(wish, used));
  let largest = [...used].reduce<number | null>((most, number) => Math.max(most ?? 0, number), null);
  for (const [index, wish] of wishes.entries()) {
    if (wish !== null) continue;
    give(index, nextGroup(largest));
    largest = given[index] ?? largest;
  }
  return given;
}
