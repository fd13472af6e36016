/**
 * Counts the places of runs that go on at once. A run that only waits, such as
 * for its packages, steps aside meanwhile and lets another have its place. How
 * many may do so is for the caller to bound.
 */

export class Places {
  private taken = 0;
  private readonly returning: (() => void)[] = [];

  /** `onFree` is called when another may start, as somebody stepped aside or nobody waits to be back any more. */
  constructor(
    private readonly count: number,
    private readonly onFree: () => void,
  ) {}

  /** Whether nobody may start now, as somebody waits to be back. */
  get isFull(): boolean {
    return this.returning.length > 0;
  }

  get hasFree(): boolean {
    return !this.isFull && this.taken < this.count;
  }

  /** Takes all that are free and says how many those are; what is not used is given back by `leave`. */
  takeFree(): number {
    if (this.isFull) return 0;
    const free = Math.max(0, this.count - this.taken);
    this.taken += free;
    return free;
  }

  /** Gives places back; whoever waits to return comes first. */
  leave(places = 1): void {
    for (let left = 0; left < places; left += 1) {
      const next = this.returning.shift();
      if (next) next();
      else this.taken -= 1;
    }
  }

  /** Does work without a place, and has one again when it resolves or rejects. */
  async stepAside<T>(work: () => Promise<T>): Promise<T> {
    this.leave();
    this.onFree();
    try {
      return await work();
    } finally {
      await this.comeBack();
      if (this.hasFree) this.onFree();
    }
  }

  private comeBack(): Promise<void> {
    if (this.taken < this.count) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.returning.push(resolve));
  }
}
