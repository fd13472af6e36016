/**
 * Three-way merge of texts by lines. A change of one side is taken; the same change
 * on both sides is taken once; different changes that overlap, or have no unchanged
 * line between them, are a conflict.
 */
import { changesBetween, type LineChange } from './changes.ts';
import { splitLines, withoutEnd } from './lines.ts';

type Lines = readonly string[];

/** Merged lines, or a conflict with the lines of each side. */
export type MergedStretch =
  | { readonly taken: Lines }
  // `ourStart` is where `ours` starts in our text, counted from 0.
  | { readonly taken: null; readonly base: Lines; readonly ours: Lines; readonly theirs: Lines; readonly ourStart: number };

/** Lines that the two sides changed differently, without their ends. */
export interface MergeConflict {
  /** The first line in our text, counted from 1. */
  readonly line: number;
  readonly base: Lines;
  readonly ours: Lines;
  readonly theirs: Lines;
}

export type MergeResult =
  | { readonly clean: true; readonly text: string }
  | { readonly clean: false; readonly conflicts: readonly MergeConflict[] };

/** Merges lines including their ends, so that `\r\n` and a missing last newline are kept. */
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

/** The merged lines and conflicts, in order. */
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

/** A range of base lines, and the changes of each side that touch it. */
interface Region {
  readonly start: number;
  end: number;
  readonly ours: LineChange[];
  readonly theirs: LineChange[];
}

/** Groups the changes of both sides that overlap or touch into regions, in the order of the base. */
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

/** The lines that a side has for a region; null when it did not change it. */
function stretchOf(region: Region, changes: readonly LineChange[], lines: Lines): { readonly start: number; readonly lines: Lines } | null {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const start = first.newStart - (first.oldStart - region.start);
  return { start, lines: lines.slice(start, last.newEnd + (region.end - last.oldEnd)) };
}

function isSame(a: Lines, b: Lines): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
