/**
 * Who brought each line: walks from a version back to what it was made from.
 * Each step gives the lines that a version changed to that version, and hands
 * the others on. Lines that a merge brought in go on into what it merged, so
 * they are credited to who wrote them there. Lines go in runs: half a million
 * of them that nobody touched are one.
 */
import type { LineChange } from '@ved/core/text';
import type { Lineage } from './lineage.ts';

/** What differs between two versions, of which `to` was made from `from`. */
export type ChangesBetween = (from: number, to: number) => Promise<readonly LineChange[]>;

/** Lines on their way back: where they begin in the version that the walk is at, and in the one it began with. */
interface Run {
  readonly at: number;
  readonly origin: number;
  readonly count: number;
}

/** Successive lines that one version brought. */
export interface BroughtLines {
  readonly version: number;
  readonly count: number;
}

/** For the `lineCount` lines of a version, in order, the versions that brought them. Ends as soon as every line has its own. */
export async function blameLines(
  version: number,
  lineCount: number,
  lineage: Lineage,
  changesBetween: ChangesBetween,
): Promise<BroughtLines[]> {
  const brought: (Run & { readonly version: number })[] = [];
  const open = new Map<number, Run[]>();
  const handOn = (to: number, runs: readonly Run[]): void => {
    if (runs.length === 0) return;
    const already = open.get(to);
    open.set(to, already === undefined ? [...runs] : [...already, ...runs].sort((a, b) => a.at - b.at));
  };
  if (lineCount > 0) handOn(version, [{ at: 0, origin: 0, count: lineCount }]);
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
    for (const run of own) brought.push({ ...run, version: current });
  }
  return joined(brought.sort((a, b) => a.origin - b.origin));
}

/** The lines that were there before, with their places there, and those that were not. Runs and changes are in order. */
function sortOut(runs: readonly Run[], changes: readonly LineChange[]): { kept: Run[]; changed: Run[] } {
  const kept: Run[] = [];
  const changed: Run[] = [];
  let next = 0;
  let shift = 0;
  for (const { at, origin, count } of runs) {
    const end = at + count;
    for (let line = at; line < end; ) {
      for (let change = changes[next]; change && change.newEnd <= line; change = changes[next]) {
        shift = change.oldEnd - change.newEnd;
        next += 1;
      }
      const change = changes[next];
      const isChanged = change !== undefined && change.newStart <= line;
      const until = Math.min(end, change === undefined ? end : isChanged ? change.newEnd : change.newStart);
      const part = { origin: origin + line - at, count: until - line };
      if (isChanged) changed.push({ at: line, ...part });
      else kept.push({ at: line + shift, ...part });
      line = until;
    }
  }
  return { kept, changed };
}

function joined(runs: readonly BroughtLines[]): BroughtLines[] {
  const lines: BroughtLines[] = [];
  for (const { version, count } of runs) {
    const last = lines.at(-1);
    if (last?.version === version) lines[lines.length - 1] = { version, count: last.count + count };
    else lines.push({ version, count });
  }
  return lines;
}
