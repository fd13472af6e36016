/** Assigns numbers to new scripts. Free requested numbers go first, so that a renumbered script never gets a number that another file asks for. */
import { nextFreeInGroup, nextGroup } from '../ordering-number.ts';

/**
 * A number in hundredths for each request, in order; null where none is left. A
 * request for a number that is taken, or that an earlier request got, gets the
 * next free one of the group; a script without a request gets a new group.
 */
export function allotNumbers(requests: readonly (number | null)[], taken: ReadonlySet<number>): (number | null)[] {
  const used = new Set(taken);
  const numbers = requests.map((): number | null => null);
  const assign = (index: number, number: number | null): void => {
    numbers[index] = number;
    if (number !== null) used.add(number);
  };
  for (const [index, request] of requests.entries()) if (request !== null && !used.has(request)) assign(index, request);
  for (const [index, request] of requests.entries())
    if (request !== null && numbers[index] === null) assign(index, nextFreeInGroup(request, used));
  let largest = [...used].reduce<number | null>((most, number) => Math.max(most ?? 0, number), null);
  for (const [index, request] of requests.entries()) {
    if (request !== null) continue;
    assign(index, nextGroup(largest));
    largest = numbers[index] ?? largest;
  }
  return numbers;
}
