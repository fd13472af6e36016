/**
 * Keeps containers for the next run of the same lane: one pass, or one person's single
 * runs. A container never changes its lane; between two runs it is verified to be
 * clean, or discarded.
 *
 * Verifying takes some milliseconds of processor time, just when the end of the run is
 * being stored and the next one starts. So it is delayed a little, unless a run is
 * already waiting for the container.
 */
import type { Container } from './container.ts';

export interface LanesOptions {
  /** How many are kept over all lanes; the longest unused one is discarded. */
  readonly size: number;
  discard(container: Container): void;
}

/** The next run has started by then. */
const REST_MS = 25;
/** A pass continues within milliseconds; a person who edits and runs again may take this long. */
const IDLE_MS = 30_000;
/** Then it is replaced, so that unknown leaks cannot accumulate. */
const LONGEST_LIFE_RUNS = 100;

export class Lanes {
  private readonly options: LanesOptions;
  /** Oldest first. */
  private kept: KeptContainer[] = [];

  constructor(options: LanesOptions) {
    this.options = options;
  }

  /** A container of this lane that is already verified. */
  takeReady(lane: string): Container | null {
    const kept = this.kept.find((each) => each.lane === lane && each.isReady);
    if (!kept) return null;
    this.release(kept);
    return kept.container;
  }

  /** A container of this lane, after verifying it; null if there is none. */
  async take(lane: string): Promise<Container | null> {
    for (;;) {
      const kept = this.kept.find((each) => each.lane === lane && each.isReady) ?? this.kept.find((each) => each.lane === lane);
      if (!kept) return null;
      this.release(kept);
      if ((await kept.renew()) && kept.container.alive) return kept.container;
      this.options.discard(kept.container);
    }
  }

  /** Keeps a container whose run ended by itself. */
  keep(lane: string, container: Container): void {
    if (container.runs >= LONGEST_LIFE_RUNS) {
      this.options.discard(container);
      return;
    }
    const kept: KeptContainer = new KeptContainer(lane, container, () => this.drop(kept));
    this.kept.push(kept);
    if (this.kept.length > this.options.size) this.drop(this.kept[0]!);
  }

  /** Discards all. */
  close(): void {
    for (const kept of [...this.kept]) this.drop(kept);
  }

  private release(kept: KeptContainer): void {
    kept.release();
    this.kept = this.kept.filter((each) => each !== kept);
  }

  private drop(kept: KeptContainer): void {
    this.release(kept);
    this.options.discard(kept.container);
  }
}

class KeptContainer {
  private readonly rest: NodeJS.Timeout;
  private readonly expiry: NodeJS.Timeout;
  private renewed: Promise<boolean> | null = null;
  private isClean = false;
  private isReleased = false;

  /** `drop` is called if it is not clean, or was unused for too long, unless it was released first. */
  constructor(
    readonly lane: string,
    readonly container: Container,
    drop: () => void,
  ) {
    this.rest = setTimeout(async () => {
      if (!(await this.renew()) && !this.isReleased) drop();
    }, REST_MS);
    this.expiry = setTimeout(drop, IDLE_MS).unref();
  }

  get isReady(): boolean {
    return this.isClean && this.container.alive;
  }

  /** Verifies that it is clean, only once. */
  renew(): Promise<boolean> {
    this.renewed ??= this.container.renew().then((clean) => {
      this.isClean = clean;
      return clean;
    });
    return this.renewed;
  }

  release(): void {
    this.isReleased = true;
    clearTimeout(this.rest);
    clearTimeout(this.expiry);
  }
}
