/** Paths of imported files: which are refused, which are skipped, and the number that a name starts with. */
import { importKind, NAME_LIMIT, TEST_DATA_SUFFIX } from '@ved/catalog/contract';
import { parseHundredths } from '../ordering-number.ts';
import { cut } from '../versions/script-name.ts';

/** No real folder has longer paths. */
const PATH_LENGTH = 1000;
/** C0 and C1 control characters and lone surrogates, which can neither be shown nor written into a commit. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f]|\p{Surrogate}/u;

/** Why a path is refused, for any kind of file; null when it is not. */
export function pathRefusal(path: string): string | null {
  if (path === '' || path.length > PATH_LENGTH) return `A path must have 1 to ${PATH_LENGTH} characters.`;
  if (UNPRINTABLE.test(path)) return 'The path contains control characters or half a character.';
  if (path.includes('\\')) return 'The path contains a backslash; separate folders with “/”.';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'The path is absolute; it must be relative.';
  const parts = path.split('/');
  if (parts.includes('..')) return 'The path contains “..”.';
  if (parts.some((part) => part === '' || part === '.')) return 'The path has an empty part.';
  return null;
}

/** `.` and `..`, also before a backslash: not hidden, but refused. */
const RELATIVE_PART = /^\.{1,2}(?:\\|$)/;

/** Files of operating systems and tools. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => (part.startsWith('.') && !RELATIVE_PART.test(part)) || part === '__MACOSX');
}

/** Why a file is skipped; null when it is not. */
export function ignoreReason(path: string): string | null {
  if (isHidden(path)) return 'Hidden files are skipped.';
  return importKind(path) === 'other' ? 'Only .py files become scripts.' : null;
}

/** The path without `.py` or `.test-data.txt`; a script and its test data share it. */
export function stemOf(path: string): string {
  const suffix = importKind(path) === 'test-data' ? TEST_DATA_SUFFIX : '.py';
  return path.slice(0, -suffix.length);
}

/** A leading number, alone or before a space, `_`, `-` or a dot that no digit follows. */
const LEADING_NUMBER = /^(\d+(?:\.\d+)?)(?=$|[\s_-]|\.\D)/;

/** The number at the start of a script's file name. */
export interface NameNumber {
  /** As written; null when the name starts with none. */
  readonly text: string | null;
  /** Hundredths; null when there is none, or it is not a valid script number. */
  readonly hundredths: number | null;
}

/** Reads `3.01_load.py` as 3.01, `3.1 load.py` as 3.10 and `02-clean.py` as 2.00; `3d_plot.py` has no number. */
export function numberOf(path: string): NameNumber {
  const name = stemOf(path).split('/').at(-1)!;
  const text = LEADING_NUMBER.exec(name)?.[1] ?? null;
  return { text, hundredths: text === null ? null : parseHundredths(text) };
}

/** The name of a script without a docstring: its file name without the number; null when nothing is left. */
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

/** Compares paths, numbers inside them by value. */
export function comparePaths(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
