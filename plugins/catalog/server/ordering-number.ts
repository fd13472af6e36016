/**
 * Script numbers: hundredths inside, a JSON number with at most two decimals
 * outside. A product is rounded and checked, never used as it is (0.29 * 100 is
 * 28.999999999999996).
 */
import { Unprocessable } from '@ved/core/contract';

/** The most scripts in one group: .00 to .99. */
const GROUP_SIZE = 100;
/** 99999.99 */
const LARGEST = 9_999_999;
const DECIMAL = /^(\d+)(?:\.(\d{1,2}))?$/;

/** Throws 422 `catalog/bad-number` for zero, negatives, a third decimal and numbers that are too large. */
export function toHundredths(orderingNumber: number): number {
  const hundredths = Math.round(orderingNumber * GROUP_SIZE);
  if (fromHundredths(hundredths) !== orderingNumber || !isValid(hundredths)) throw badNumber(orderingNumber);
  return hundredths;
}

/** Hundredths of a decimal text such as `3.1` or `03.10`; null when it is not a valid script number. */
export function parseHundredths(text: string): number | null {
  const decimal = DECIMAL.exec(text);
  if (!decimal) return null;
  const [, whole = '', fraction = ''] = decimal;
  const hundredths = Number(whole) * GROUP_SIZE + Number(fraction.padEnd(2, '0'));
  return isValid(hundredths) ? hundredths : null;
}

function isValid(hundredths: number): boolean {
  return hundredths >= 1 && hundredths <= LARGEST;
}

/** The JSON number; the division rounds to the double that prints as the decimal. */
export function fromHundredths(hundredths: number): number {
  return hundredths / GROUP_SIZE;
}

/** For display: `3.02`. */
export function formatNumber(hundredths: number): string {
  return fromHundredths(hundredths).toFixed(2);
}

/** The integer part: scripts that share it run in parallel. */
export function groupOf(hundredths: number): number {
  return Math.floor(hundredths / GROUP_SIZE);
}

/** The first number of the group after the one of `largest`; the first group when there is none. Null when no group is left. */
export function nextGroup(largest: number | null): number | null {
  const next = (Math.floor((largest ?? 0) / GROUP_SIZE) + 1) * GROUP_SIZE;
  return next > LARGEST ? null : next;
}

/** The first free number of the group from `wanted` on, else the first from the start of the group; null when the group is full. */
export function nextFreeInGroup(wanted: number, taken: ReadonlySet<number>): number | null {
  const start = Math.floor(wanted / GROUP_SIZE) * GROUP_SIZE;
  for (let step = 0; step < GROUP_SIZE; step += 1) {
    const candidate = start + ((wanted - start + step) % GROUP_SIZE);
    if (candidate > 0 && !taken.has(candidate)) return candidate;
  }
  return null;
}

function badNumber(orderingNumber: number): Unprocessable {
  return new Unprocessable(
    'catalog/bad-number',
    `${orderingNumber} is not a valid script number. Use 0.01 to 99999.99 with at most two decimals.`,
  );
}
