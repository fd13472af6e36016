/** Which version brought each line of a text that somebody is changing. Pure. */
import { changesBetween, originsOf, TYPING_EDIT_LIMIT } from '@ved/core/text';

/** The id of the version that brought a line; `unsaved` when it was changed since; null where there is nothing to say (the empty line after the last end). */
export type LineAuthor = number | 'unsaved' | null;

/** Neighbouring lines of one author; line numbers count from 1. */
export interface AuthorRun {
  readonly author: number | 'unsaved';
  readonly first: number;
  readonly last: number;
}

/** The lines of a text as the editor shows them. */
export function editorLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** For each line that the editor shows of a saved text, its author. Blame has one entry for each `\n`, as git counts; the editor ends lines at a lone `\r` too. */
export function authorsOfSaved(savedText: string, blame: readonly number[]): LineAuthor[] {
  return savedText.split('\n').flatMap((line, index, { length }) => {
    const isEnded = index < length - 1;
    const shown = (isEnded ? line.replace(/\r$/, '') : line).split('\r').length;
    return new Array<LineAuthor>(shown).fill(blame[index] ?? null);
  });
}

/** Carries the authors of saved lines over to the text as it is now. Lines that came back as they were have their author back. */
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
