/**
 * Who brought each line: walks from a version back to what it was made from.
 * Each step gives the lines that a version changed to that version, and hands
 * the others on. Lines that a merge brought in go on into what it merged, so
 * they are credited to who wrote them there.
 */
import type { LineChange } from '@ved/git/contract';
import type { Lineage } from './lineage.ts';

/** What differs between two versions, of which `to` was made from `from`. */
export type ChangesBetween = (from: number, to: number) => Promise<readonly LineChange[]>;

/** A line on its way back: where it is in the version that the walk is at, and in the one it began with. */
interface Line {
  readonly at: number;
  readonly origin: number;
}

/** For each of the `lineCount` lines of a version, the version that brought it. Ends as soon as every line has its own. */
export async function blameLines(version: number, lineCount: number, lineage: Lineage, changesBetween: ChangesBetween): Promise<number[]> {
  const brought = new Array<number>(lineCount).fill(version);
  const open = new Map<number, Line[]>();
  const handOn = (to: number, lines: readonly Line[]): void => {
    if (lines.length > 0)
      open.set(
        to,
        [...(open.get(to) ?? []), ...lines].sort((a, b) => a.at - b.at),
      );
  };
  handOn(
    version,
    brought.map((_, line) => ({ at: line, origin: line })),
  );
  // An ancestor has the smaller id: the largest one left is reached by nobody any more.
  while (open.size > 0) {
    const current = Math.max(...open.keys());
    let own = open.get(current)!;
    open.delete(current);
    for (const from of lineage.madeFrom(current)) {
      const { kept, changed } = sortOut(own, await changesBetween(from, current));
      handOn(from, kept);
      own = changed;
      if (own.length === 0) break;
    }
    for (const { origin } of own) brought[origin] = current;
  }
  return brought;
}

/** The lines that were there before, with their places there, and those that were not. `lines` are in order. */
function sortOut(lines: readonly Line[], changes: readonly LineChange[]): { kept: Line[]; changed: Line[] } {
  const kept: Line[] = [];
  const changed: Line[] = [];
  let next = 0;
  let shift = 0;
  for (const line of lines) {
    for (let change = changes[next]; change && change.newEnd <= line.at; change = changes[next]) {
      shift = change.oldEnd - change.newEnd;
      next += 1;
    }
    const change = changes[next];
    if (change && change.newStart <= line.at) changed.push(line);
    else kept.push({ at: line.at + shift, origin: line.origin });
  }
  return { kept, changed };
}
