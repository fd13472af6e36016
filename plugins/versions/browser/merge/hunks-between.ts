/** The lines that change between two texts, as the server gives them of what it has; for a text that is only here. */
import type { MergePreview } from '@ved/catalog/contract';
import { structuredPatch } from 'diff';

const CONTEXT_LINES = 3;
/** Differences beyond it would keep the page busy. */
const EDIT_LIMIT = 2000;

/** Null when so much differs that it is not looked for. */
export function hunksBetween(from: string, to: string): MergePreview['hunks'] | null {
  const patch = structuredPatch('', '', from, to, undefined, undefined, { context: CONTEXT_LINES, maxEditLength: EDIT_LIMIT });
  return (
    patch?.hunks.map((hunk) => ({
      old_start: hunk.oldStart,
      old_lines: hunk.oldLines,
      new_start: hunk.newStart,
      new_lines: hunk.newLines,
      lines: hunk.lines,
    })) ?? null
  );
}
