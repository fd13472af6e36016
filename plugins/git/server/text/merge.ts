/**
 * Three-way merge of texts by lines, each line with its end, so that `\r\n`, a
 * missing last newline and everything else of a line is kept as it is. What one
 * side changed is taken; what both changed alike is taken once; what both
 * changed differently, or without an untouched line between, is a conflict.
 */
import type { LineChange, MergeConflict, MergeResult } from '../../contract/index.ts';
import { changesBetween, splitLines, withoutEnd } from './lines.ts';

type Lines = readonly string[];

/** A stretch of the base, and the changes of each side that touch it. */
interface Region {
  readonly start: number;
  end: number;
  readonly ours: LineChange[];
  readonly theirs: LineChange[];
}

export function mergeTexts(base: string, ours: string, theirs: string): MergeResult {
  const [baseLines, ourLines, theirLines] = [splitLines(base), splitLines(ours), splitLines(theirs)];
  const merged: string[] = [];
  const conflicts: MergeConflict[] = [];
  let untouchedFrom = 0;
  for (const region of touchedRegions(changesBetween(baseLines, ourLines), changesBetween(baseLines, theirLines))) {
    merged.push(baseLines.slice(untouchedFrom, region.start).join(''));
    untouchedFrom = region.end;
    const our = stretchOf(region, region.ours, ourLines);
    const their = stretchOf(region, region.theirs, theirLines);
    const taken = takeOne(our, their);
    if (taken !== null) merged.push(taken);
    else conflicts.push(describe(baseLines.slice(region.start, region.end), our!, their!));
  }
  merged.push(baseLines.slice(untouchedFrom).join(''));
  return conflicts.length === 0 ? { clean: true, text: merged.join('') } : { clean: false, conflicts };
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

interface Stretch {
  readonly start: number;
  readonly lines: Lines;
}

/** What a side made of a region; null when it did not touch it. */
function stretchOf(region: Region, changes: readonly LineChange[], lines: Lines): Stretch | null {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const start = first.newStart - (first.oldStart - region.start);
  return { start, lines: lines.slice(start, last.newEnd + (region.end - last.oldEnd)) };
}

/** The text that stands for a region when there is nothing to choose; null for a conflict. */
function takeOne(our: Stretch | null, their: Stretch | null): string | null {
  const [ourText, theirText] = [our?.lines.join('') ?? null, their?.lines.join('') ?? null];
  if (ourText === null || theirText === null) return ourText ?? theirText;
  return ourText === theirText ? ourText : null;
}

function describe(base: Lines, our: Stretch, their: Stretch): MergeConflict {
  return { line: our.start + 1, base: base.map(withoutEnd), ours: our.lines.map(withoutEnd), theirs: their.lines.map(withoutEnd) };
}
