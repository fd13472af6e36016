/** The differences between two texts as hunks, and as a unified patch for `git apply` and `patch`. */
import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from 'diff';
import { commonEnds, EDIT_LIMIT } from './changes.ts';
import { splitLines } from './lines.ts';

const CONTEXT_LINES = 3;
const NO_END = '\\ No newline at end of file';

export interface DiffHunk {
  readonly old_start: number;
  readonly old_lines: number;
  readonly new_start: number;
  readonly new_lines: number;
  /** Each with its leading ` `, `+` or `-`. */
  readonly lines: string[];
}

/** One side of a comparison. */
export interface TextSide {
  /** The file name in the patch; characters that would break the header are escaped. */
  readonly label: string;
  readonly text: string;
}

/** Hunks with three lines of context; a single one for everything when the texts differ by more than EDIT_LIMIT edits. */
export function hunksBetween(from: string, to: string): DiffHunk[] {
  return compare({ label: '', text: from }, { label: '', text: to }).hunks.map(toDiffHunk);
}

/** The hunks as above, and the patch as text; both are empty when the texts are equal. */
export function diffTexts(from: TextSide, to: TextSide): { patch: string; hunks: DiffHunk[] } {
  const patch = compare(from, to);
  return { patch: patch.hunks.length === 0 ? '' : formatPatch(patch, FILE_HEADERS_ONLY), hunks: patch.hunks.map(toDiffHunk) };
}

function compare(from: TextSide, to: TextSide): StructuredPatch {
  const options = { context: CONTEXT_LINES, maxEditLength: EDIT_LIMIT };
  return (
    structuredPatch(from.label, to.label, from.text, to.text, undefined, undefined, options) ?? {
      oldFileName: from.label,
      newFileName: to.label,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: [replacingHunk(splitLines(from.text), splitLines(to.text))],
    }
  );
}

function toDiffHunk(hunk: StructuredPatch['hunks'][number]): DiffHunk {
  return {
    old_start: hunk.oldStart,
    old_lines: hunk.oldLines,
    new_start: hunk.newStart,
    new_lines: hunk.newLines,
    lines: hunk.lines,
  };
}

/** One hunk for everything between the first and the last difference. */
function replacingHunk(from: readonly string[], to: readonly string[]): StructuredPatch['hunks'][number] {
  const { head, tail } = commonEnds(from, to);
  const before = from.slice(Math.max(0, head - CONTEXT_LINES), head);
  const after = from.slice(from.length - tail, from.length - tail + CONTEXT_LINES);
  const removed = from.slice(head, from.length - tail);
  const added = to.slice(head, to.length - tail);
  return {
    oldStart: head - before.length + 1,
    oldLines: before.length + removed.length + after.length,
    newStart: head - before.length + 1,
    newLines: before.length + added.length + after.length,
    lines: [...marked(' ', before), ...marked('-', removed), ...marked('+', added), ...marked(' ', after)],
  };
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) => (line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, NO_END]));
}
