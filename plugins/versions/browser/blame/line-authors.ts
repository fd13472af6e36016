/** Which version brought each line of a text that somebody is changing. Pure. */
import { diffIndices } from 'node-diff3';

/** The id of the version that brought a line; `unsaved` when it was changed since; null where there is nothing to say (the empty line after the last end). */
export type LineAuthor = number | 'unsaved' | null;

/** Neighbouring lines of one author; line numbers count from 1. */
export interface AuthorRun {
  readonly author: number | 'unsaved';
  readonly first: number;
  readonly last: number;
}

/** Changed stretches beyond this many lines on either side are not looked into: all of them count as changed. */
const COMPARED_LINES_LIMIT = 2000;

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
  const shorter = Math.min(saved.length, now.length);
  let head = 0;
  while (head < shorter && saved[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && saved[saved.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const middle = authorsOfChanged(
    saved.slice(head, saved.length - tail),
    authors.slice(head, saved.length - tail),
    now.slice(head, now.length - tail),
  );
  return [...authors.slice(0, head), ...middle, ...authors.slice(authors.length - tail, authors.length)];
}

function authorsOfChanged(saved: readonly string[], authors: readonly LineAuthor[], now: readonly string[]): LineAuthor[] {
  const result = new Array<LineAuthor>(now.length).fill('unsaved');
  if (Math.max(saved.length, now.length) > COMPARED_LINES_LIMIT) return result;
  let [savedAt, nowAt] = [0, 0];
  const keepUntil = (end: number) => {
    for (; savedAt < end; savedAt += 1, nowAt += 1) result[nowAt] = authors[savedAt]!;
  };
  for (const { buffer1, buffer2 } of diffIndices([...saved], [...now])) {
    keepUntil(buffer1[0]);
    savedAt = buffer1[0] + buffer1[1];
    nowAt = buffer2[0] + buffer2[1];
  }
  keepUntil(saved.length);
  return result;
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
