/**
 * Finds the version that wrote each line, by walking from a version back to those
 * it was made from. Each step credits the lines that a version changed to that
 * version and passes the others on. Lines that a merge took from prod are passed
 * on to prod's version, and so credited to whoever wrote them there. Lines are
 * processed in runs: half a million unchanged lines are one.
 */
import type { LineChange } from '@ved/core/text';
import type { Lineage } from './lineage.ts';

/** The changes between two versions; `to` was made from `from`. */
export type ChangesBetween = (from: number, to: number) => Promise<readonly LineChange[]>;

/** Lines not yet credited: where they start in the current version of the walk (`at`) and in the one it started with (`origin`). */
interface Run {
  readonly at: number;
  readonly origin: number;
  readonly count: number;
}

/** Consecutive lines that one version wrote. */
export interface BlamedLines {
  readonly version: number;
  readonly count: number;
}

/** The versions that wrote the `lineCount` lines of a version, in order. Stops as soon as every line is credited. */
export async function blameLines(
  version: number,
  lineCount: number,
  lineage: Lineage,
  changesBetween: ChangesBetween,
): Promise<BlamedLines[]> {
  const credited: (Run & { readonly version: number })[] = [];
  const open = new Map<number, Run[]>();
  const passTo = (to: number, runs: readonly Run[]): void => {
    if (runs.length === 0) return;
    const already = open.get(to);
    open.set(to, already === undefined ? [...runs] : [...already, ...runs].sort((a, b) => a.at - b.at));
  };
  if (lineCount > 0) passTo(version, [{ at: 0, origin: 0, count: lineCount }]);
  // An ancestor has a smaller id, so nothing left can reach the version with the largest id.
  while (open.size > 0) {
    const current = Math.max(...open.keys());
    let own = open.get(current)!;
    open.delete(current);
    for (const from of lineage.madeFrom(current)) {
      const { kept, changed } = splitByChange(own, await changesBetween(from, current));
      passTo(from, kept);
      own = changed;
      if (own.length === 0) break;
    }
    for (const run of own) credited.push({ ...run, version: current });
  }
  return joined(credited.sort((a, b) => a.origin - b.origin));
}

/** Splits lines into those that the older version has, with their positions there, and those it has not. Runs and changes are in order. */
function splitByChange(runs: readonly Run[], changes: readonly LineChange[]): { kept: Run[]; changed: Run[] } {
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

function joined(runs: readonly BlamedLines[]): BlamedLines[] {
  const lines: BlamedLines[] = [];
  for (const { version, count } of runs) {
    const last = lines.at(-1);
    if (last?.version === version) lines[lines.length - 1] = { version, count: last.count + count };
    else lines.push({ version, count });
  }
  return lines;
}
