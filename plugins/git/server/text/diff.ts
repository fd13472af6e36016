/** A unified patch between two texts, as `git apply` and `patch` read it. */
import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from 'diff';
import type { DiffHunk } from '../../contract/index.ts';
import { commonEnds, EDIT_LIMIT, splitLines } from './lines.ts';

const CONTEXT_LINES = 3;
const NO_END = '\\ No newline at end of file';

export interface Side {
  /** The file's name in the patch; a character that would break the header is escaped. */
  readonly label: string;
  readonly text: string;
}

export function diffTexts(from: Side, to: Side): { patch: string; hunks: DiffHunk[] } {
  const options = { context: CONTEXT_LINES, maxEditLength: EDIT_LIMIT };
  const patch: StructuredPatch = structuredPatch(from.label, to.label, from.text, to.text, undefined, undefined, options) ?? {
    oldFileName: from.label,
    newFileName: to.label,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [replacingHunk(splitLines(from.text), splitLines(to.text))],
  };
  const hunks = patch.hunks.map((hunk) => ({
    old_start: hunk.oldStart,
    old_lines: hunk.oldLines,
    new_start: hunk.newStart,
    new_lines: hunk.newLines,
    lines: hunk.lines,
  }));
  return { patch: patch.hunks.length === 0 ? '' : formatPatch(patch, FILE_HEADERS_ONLY), hunks };
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
