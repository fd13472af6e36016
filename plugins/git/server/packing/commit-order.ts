/** Commits in an order in which every child comes before its parents, one line of descent after the other. */
import type { CommitFields } from '../store/commit-object.ts';

/** Orders commits that may have parents outside. Never loops, as a commit's id depends on its parents' ids. */
export function childrenFirst(commits: ReadonlyMap<string, CommitFields>): string[] {
  const children = new Map<string, number>();
  for (const { parents } of commits.values()) {
    for (const parent of parents) if (commits.has(parent)) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const ready = [...commits.keys()].filter((oid) => !children.has(oid));
  const order: string[] = [];
  for (let oid = ready.pop(); oid !== undefined; oid = ready.pop()) {
    order.push(oid);
    // The first parent last, so that it is the next.
    for (const parent of commits.get(oid)!.parents.toReversed()) {
      const left = (children.get(parent) ?? 0) - 1;
      if (left >= 0) children.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  }
  return order;
}
