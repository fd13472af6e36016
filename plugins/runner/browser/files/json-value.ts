/** JSON for display: numbers keep all of their digits. */

/** A number that JavaScript would round. */
export class ExactNumber {
  constructor(readonly source: string) {}
}

/** May contain a number with more digits than a double can hold. */
const LONG_NUMBER = /\d[\d.]{15}/;

/** Throws SyntaxError. */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, keepDigits as Reviver);
  } catch (error) {
    // Too deep for a reviver; parse it without one.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

type Reviver = (key: string, value: unknown) => unknown;

/** The third argument is from ECMAScript 2026; a browser without it rounds. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && source.length > 15 && String(value) !== source
    ? new ExactNumber(source)
    : value;
}

/** The members of an object or a list; null for anything else. */
export function membersOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (value === null || typeof value !== 'object' || value instanceof ExactNumber) return null;
  return Object.entries(value);
}
