/**
 * Three-way merge of texts by lines. What one side changed is taken; what both
 * changed alike is taken once; what both changed differently, or without an
 * untouched line between, is a conflict.
 */
import { changesBetween, type LineChange } from './changes.ts';
import { splitLines, withoutEnd } from './lines.ts';

type Lines = readonly string[];

/** Lines to be taken, or what each side made of the same lines. */
export type MergedStretch =
  | { readonly taken: Lines }
  // Where `ours` begins in our text, from 0, is `ourStart`.
  | { readonly taken: null; readonly base: Lines; readonly ours: Lines; readonly theirs: Lines; readonly ourStart: number };

/** A stretch that both sides changed, differently; lines without their ends. */
export interface MergeConflict {
  /** Where it begins in our text, counted from 1. */
  readonly line: number;
  readonly base: Lines;
  readonly ours: Lines;
  readonly theirs: Lines;
}

export type MergeResult =
  | { readonly clean: true; readonly text: string }
  | { readonly clean: false; readonly conflicts: readonly MergeConflict[] };

/** Merges with line ends as part of the lines: `\r\n`, a missing last newline and everything else of a line is kept as it is. */
export function mergeTexts(base: string, ours: string, theirs: string): MergeResult {
  const stretches = mergeLines(splitLines(base), splitLines(ours), splitLines(theirs));
  const conflicts = stretches.flatMap((stretch): MergeConflict[] => {
    if (stretch.taken) return [];
    const bare = (lines: Lines) => lines.map(withoutEnd);
    return [{ line: stretch.ourStart + 1, base: bare(stretch.base), ours: bare(stretch.ours), theirs: bare(stretch.theirs) }];
  });
  if (conflicts.length > 0) return { clean: false, conflicts };
  return { clean: true, text: stretches.flatMap(({ taken }) => taken ?? []).join('') };
}

/** What becomes of the base, in order. */
export function mergeLines(base: Lines, ours: Lines, theirs: Lines): MergedStretch[] {
  const merged: MergedStretch[] = [];
  let untouchedFrom = 0;
  for (const region of touchedRegions(changesBetween(base, ours), changesBetween(base, theirs))) {
    merged.push({ taken: base.slice(untouchedFrom, region.start) });
    untouchedFrom = region.end;
    const our = stretchOf(region, region.ours, ours);
    const their = stretchOf(region, region.theirs, theirs);
    if (!our || !their || isSame(our.lines, their.lines)) merged.push({ taken: (our ?? their)!.lines });
    else
      merged.push({ taken: null, base: base.slice(region.start, region.end), ours: our.lines, theirs: their.lines, ourStart: our.start });
  }
  merged.push({ taken: base.slice(untouchedFrom) });
  return merged;
}

/** A stretch of the base, and the changes of each side that touch it. */
interface Region {
  readonly start: number;
  end: number;
  readonly ours: LineChange[];
  readonly theirs: LineChange[];
}

/** Joins changes that overlap or touch, from whichever side they come, in the order of the base. */
function touchedRegions(ours: readonly LineChange[], theirs: readonly LineChange[]): Region[] {
  const regions: Region[] = [];
  const changes = [
    ...ours.map((change) => ({ change, side: 'ours' as const })),
    ...theirs.map((change) => ({ change, side: 'theirs' as const })),
  ];
  changes.sort((a, b) => a.change.oldStart - b.change.oldStart || a.change.oldEnd - b.change.oldEnd);
  for (const { change, side } of changes) {
    let region = regions.at(-1);
    if (region === undefined || change.oldStart > region.end) {
      region = { start: change.oldStart, end: change.oldEnd, ours: [], theirs: [] };
      regions.push(region);
    }
    region.end = Math.max(region.end, change.oldEnd);
    region[side].push(change);
  }
  return regions;
}

/** What a side made of a region; null when it did not touch it. */
function stretchOf(region: Region, changes: readonly LineChange[], lines: Lines): { readonly start: number; readonly lines: Lines } | null {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const start = first.newStart - (first.oldStart - region.start);
  return { start, lines: lines.slice(start, last.newEnd + (region.end - last.oldEnd)) };
}

function isSame(a: Lines, b: Lines): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
