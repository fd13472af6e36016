/** The operations on texts by name, so that they can be called in a worker thread. All are pure functions. */
import { changesBetween, diffTexts, type LineChange, type MergeResult, mergeTexts, splitLines, type TextSide } from '@ved/core/text';
import type { TextDiff } from '../../contract/index.ts';

export const TEXT_WORK = {
  merge: (base: string, ours: string, theirs: string): MergeResult => mergeTexts(base, ours, theirs),
  changes: (from: string, to: string): LineChange[] => changesBetween(splitLines(from), splitLines(to)),
  diff: (from: TextSide, to: TextSide): TextDiff => {
    const { patch, hunks } = diffTexts(from, to);
    return { patch: jsonOf(patch), hunks: jsonOf(hunks), from_text: jsonOf(from.text), to_text: jsonOf(to.text) };
  },
};

export type TextWork = typeof TEXT_WORK;

function jsonOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
