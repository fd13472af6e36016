/**
 * Writes a three-way merge as text with conflict markers, and finds the markers
 * again. Pure. The markers are git's (diff3 style), so that conflicts can be edited
 * by hand and nothing has to be stored beside the text.
 */
import { LineEnds, shownText, withLineEnds } from './line-ends.ts';
import { mergeLines } from './merge.ts';

export interface ConflictSides {
  readonly base: { readonly title: string; readonly text: string };
  readonly ours: { readonly title: string; readonly text: string };
  readonly theirs: { readonly title: string; readonly text: string };
}

/** A conflict between markers; line numbers count from 1 and include the markers. */
export interface MarkedConflict {
  readonly startLine: number;
  readonly endLine: number;
  readonly ours: readonly string[];
  readonly base: readonly string[];
  readonly theirs: readonly string[];
}

export type ConflictChoice = 'ours' | 'theirs' | 'both';

/**
 * Merges what only one side changed or both changed alike; puts the rest between
 * markers. Lines are compared without their ends; a line keeps the end that it has
 * in ours, or in theirs if ours does not have the line.
 */
export function mergeWithMarkers({ base, ours, theirs }: ConflictSides): string {
  const merged = mergeLines(lines(base.text), lines(ours.text), lines(theirs.text)).flatMap((stretch) => {
    if (stretch.taken) return stretch.taken;
    const [ofOurs, ofBase, ofTheirs] = [stretch.ours, stretch.base, stretch.theirs];
    return [`<<<<<<< ${ours.title}`, ...ofOurs, `||||||| ${base.title}`, ...ofBase, '=======', ...ofTheirs, `>>>>>>> ${theirs.title}`];
  });
  return withLineEnds(merged.join('\n'), new LineEnds(ours.text), theirs.text === ours.text ? null : new LineEnds(theirs.text));
}

/** The unresolved conflicts, in order. A marker without the other three counts as text. */
export function findConflicts(text: string): MarkedConflict[] {
  const all = lines(text);
  const found: MarkedConflict[] = [];
  for (let index = 0; index < all.length; index++) {
    const conflict = all[index]!.startsWith('<<<<<<< ') ? readConflict(all, index) : null;
    if (!conflict) continue;
    found.push(conflict);
    index = conflict.endLine - 1;
  }
  return found;
}

/** The lines that replace a conflict once it is resolved. */
export function chosenLines(conflict: MarkedConflict, choice: ConflictChoice): readonly string[] {
  if (choice === 'both') return [...conflict.ours, ...conflict.theirs];
  return conflict[choice];
}

function readConflict(all: readonly string[], start: number): MarkedConflict | null {
  const base = indexAfter(all, start, (line) => line.startsWith('||||||| '));
  const middle = indexAfter(all, base, (line) => line === '=======');
  const end = indexAfter(all, middle, (line) => line.startsWith('>>>>>>> '));
  if (base < 0 || middle < 0 || end < 0) return null;
  return {
    startLine: start + 1,
    endLine: end + 1,
    ours: all.slice(start + 1, base),
    base: all.slice(base + 1, middle),
    theirs: all.slice(middle + 1, end),
  };
}

/** -1 when no line matches, or `start` is -1. */
function indexAfter(all: readonly string[], start: number, matches: (line: string) => boolean): number {
  if (start < 0) return -1;
  return all.findIndex((line, index) => index > start && matches(line));
}

function lines(text: string): string[] {
  return shownText(text).split('\n');
}
