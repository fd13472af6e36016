/** Who brought each line: walks a text's versions from the oldest on, carrying each line's origin along. */
import { changesBetween, splitLines } from './lines.ts';

/** For each line of the last text, the index of the text in `history` that brought it. */
export function blameTexts(history: readonly string[]): number[] {
  let lines: readonly string[] = [];
  let origins: number[] = [];
  for (const [index, text] of history.entries()) {
    const next = splitLines(text);
    const carried: number[] = [];
    let from = 0;
    for (const change of changesBetween(lines, next)) {
      for (; from < change.oldStart; from += 1) carried.push(origins[from]!);
      for (let line = change.newStart; line < change.newEnd; line += 1) carried.push(index);
      from = change.oldEnd;
    }
    for (; from < origins.length; from += 1) carried.push(origins[from]!);
    lines = next;
    origins = carried;
  }
  return origins;
}
