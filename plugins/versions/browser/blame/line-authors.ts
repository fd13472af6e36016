/** Which version each line of an edited text comes from. Pure. */
import { changesBetween, originsOf, TYPING_EDIT_LIMIT } from '@ved/core/text';

/** The id of the version that a line comes from; `unsaved` when it was changed since; null for the empty line after the last line ending. */
export type LineAuthor = number | 'unsaved' | null;

/** Neighbouring lines of one author; line numbers count from 1. */
export interface AuthorRun {
  readonly author: number | 'unsaved';
  readonly first: number;
  readonly last: number;
}

/** Splits a text into lines as the editor shows them. */
export function editorLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** The author of each line that the editor shows of a saved text. Blame has one entry per `\n`, as git counts; the editor also ends lines at a lone `\r`. */
export function authorsOfSaved(savedText: string, blame: readonly number[]): LineAuthor[] {
  return savedText.split('\n').flatMap((line, index, { length }) => {
    const isEnded = index < length - 1;
    const shown = (isEnded ? line.replace(/\r$/, '') : line).split('\r').length;
    return new Array<LineAuthor>(shown).fill(blame[index] ?? null);
  });
}

/** Carries the authors of saved lines over to the text as it is now. A line that is restored gets its author back. */
export function authorsNow(saved: readonly string[], authors: readonly LineAuthor[], now: readonly string[]): LineAuthor[] {
  const origins = originsOf(changesBetween(saved, now, TYPING_EDIT_LIMIT), now.length);
  return origins.map((origin) => (origin === null ? 'unsaved' : authors[origin]!));
}

export function runsOf(authors: readonly LineAuthor[]): AuthorRun[] {
  const runs: AuthorRun[] = [];
  for (const [index, author] of authors.entries()) {
    if (author === null) continue;
    const previous = runs.at(-1);
    if (previous?.author === author && previous.last === index) runs[runs.length - 1] = { ...previous, last: index + 1 };
    else runs.push({ author, first: index + 1, last: index + 1 });
  }
  return runs;
}
