/**
 * Has runs of a group that end at nearly the same time ended in one step. The
 * first of them is in nobody's way: what follows the group waits for the last.
 */

/** Short beside a commit of its own. */
export const LONGEST_WAIT_MS = 5;

export class GroupEnds {
  private readonly waiting = new Map<number, Set<() => void>>();

  /** Resolves when the last of the pass's runs that go on joins, at once for that one, after 5 ms at the latest. */
  join(passId: number, isLast: boolean): Promise<void> {
    const others = this.waiting.get(passId) ?? new Set();
    if (isLast) {
      for (const resolve of others) resolve();
      return Promise.resolve();
    }
    this.waiting.set(passId, others);
    return new Promise((resolve) => {
      const leave = (): void => {
        clearTimeout(timer);
        others.delete(leave);
        if (others.size === 0) this.waiting.delete(passId);
        resolve();
      };
      const timer = setTimeout(leave, LONGEST_WAIT_MS);
      others.add(leave);
    });
  }
}
