/** Paths of imported files: which are refused, which are left out, and the number that a name begins with. */
import { importKind, NAME_LIMIT, TEST_DATA_SUFFIX } from '@ved/catalog/contract';
import { parseHundredths } from '../ordering-number.ts';
import { cut } from '../versions/script-name.ts';

/** Longer ones are nobody's folders. */
const PATH_LENGTH = 1000;
/** Of the C0 and C1 sets, and halves of characters: none can be shown, or written into a commit. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f]|\p{Surrogate}/u;

/** Why a path is refused, whatever it names; null when it is not. */
export function pathRefusal(path: string): string | null {
  if (path === '' || path.length > PATH_LENGTH) return `A path has 1 to ${PATH_LENGTH} characters.`;
  if (UNPRINTABLE.test(path)) return 'The path holds control characters or half a character.';
  if (path.includes('\\')) return 'The path holds a backslash; folders are separated by “/”.';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'The path is absolute; it must begin inside what is imported.';
  const parts = path.split('/');
  if (parts.includes('..')) return 'The path leads out of what is imported (“..”).';
  if (parts.some((part) => part === '' || part === '.')) return 'The path has an empty part.';
  return null;
}

/** `.` and `..`, however the rest is separated: ways, not names. */
const WAY = /^\.{1,2}(?:\\|$)/;

/** What systems and tools keep for themselves. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => (part.startsWith('.') && !WAY.test(part)) || part === '__MACOSX');
}

/** Why a file is no part of an import; null when it is one. */
export function ignoreReason(path: string): string | null {
  if (isHidden(path)) return 'Hidden files are left out.';
  return importKind(path) === 'other' ? 'Only .py files become scripts.' : null;
}

/** What two files of one script have in common: the path without `.py` or `.test-data.txt`. */
export function stemOf(path: string): string {
  const suffix = importKind(path) === 'test-data' ? TEST_DATA_SUFFIX : '.py';
  return path.slice(0, -suffix.length);
}

/** A number at the beginning, by itself or before a space, `_`, `-` or a dot that begins no further decimals. */
const LEADING_NUMBER = /^(\d+(?:\.\d+)?)(?=$|[\s_-]|\.\D)/;

/** The number that a script's file name begins with. */
export interface NameNumber {
  /** As written; null when the name begins with none. */
  readonly text: string | null;
  /** Hundredths; null when there is none, or none that a script can have. */
  readonly hundredths: number | null;
}

/** Reads `3.01_load.py` as 3.01, `3.1 load.py` as 3.10 and `02-clean.py` as 2.00; `3d_plot.py` has no number. */
export function numberOf(path: string): NameNumber {
  const name = stemOf(path).split('/').at(-1)!;
  const text = LEADING_NUMBER.exec(name)?.[1] ?? null;
  return { text, hundredths: text === null ? null : parseHundredths(text) };
}

/** What a script without a docstring is called: the name of its file without the number; null when that is all there is. */
export function scriptFileName(path: string): string | null {
  const stem = stemOf(path).split('/').at(-1)!;
  const number = LEADING_NUMBER.exec(stem)?.[0] ?? '';
  const name = stem
    .slice(number.length)
    .replace(number === '' ? '' : /^[\s._-]+/, '')
    .trim();
  return name === '' ? null : cut(name, NAME_LIMIT, '…');
}

const order = new Intl.Collator('en', { numeric: true });

/** Puts paths in order, numbers inside them by value. */
export function comparePaths(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
