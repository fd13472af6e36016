/**
 * Keeps containers for the next run of the same lane: one pass, or one person's
 * own runs. A container never changes its lane; between two runs it has proved
 * that it is as new, or it is discarded.
 *
 * To prove that takes the processors for some milliseconds, just when the end of
 * the run is being written and what follows it starts. So a container rests
 * first, and proves it when nobody waits for it, or when somebody does.
 */
import type { Container } from './container.ts';

export interface LanesOptions {
  /** How many are kept over all lanes; the one that has waited longest makes room. */
  readonly size: number;
  discard(container: Container): void;
}

/** What follows a run has started by then. */
const REST_MS = 25;
/** A pass goes on within milliseconds; a person who edits and runs again may take this long. */
const IDLE_MS = 30_000;
/** Then a fresh one, so that nothing that is not thought of adds up. */
const LONGEST_LIFE_RUNS = 100;

export class Lanes {
  readonly #options: LanesOptions;
  /** In the order in which they came. */
  #kept: Kept[] = [];

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** A container that has been made ready for this lane already. */
  takeReady(lane: string): Container | null {
    const kept = this.#kept.find((each) => each.lane === lane && each.isReady);
    if (!kept) return null;
    this.#release(kept);
    return kept.container;
  }

  /** A container of this lane, waiting until it has been made ready; null when there is none. */
  async take(lane: string): Promise<Container | null> {
    for (;;) {
      const kept = this.#kept.find((each) => each.lane === lane && each.isReady) ?? this.#kept.find((each) => each.lane === lane);
      if (!kept) return null;
      this.#release(kept);
      if ((await kept.renew()) && kept.container.alive) return kept.container;
      this.#options.discard(kept.container);
    }
  }

  /** Takes in a container whose run has ended by itself. */
  keep(lane: string, container: Container): void {
    if (container.runs >= LONGEST_LIFE_RUNS) {
      this.#options.discard(container);
      return;
    }
    const kept: Kept = new Kept(lane, container, () => this.#drop(kept));
    this.#kept.push(kept);
    if (this.#kept.length > this.#options.size) this.#drop(this.#kept[0]!);
  }

  /** Discards all. */
  close(): void {
    for (const kept of [...this.#kept]) this.#drop(kept);
  }

  #release(kept: Kept): void {
    kept.release();
    this.#kept = this.#kept.filter((each) => each !== kept);
  }

  #drop(kept: Kept): void {
    this.#release(kept);
    this.#options.discard(kept.container);
  }
}

class Kept {
  readonly #rest: NodeJS.Timeout;
  readonly #expiry: NodeJS.Timeout;
  #renewed: Promise<boolean> | null = null;
  #isClean = false;
  #isReleased = false;

  /** `drop` is called when it turns out not to be clean, or has waited too long, unless it was released before. */
  constructor(
    readonly lane: string,
    readonly container: Container,
    drop: () => void,
  ) {
    this.#rest = setTimeout(async () => {
      if (!(await this.renew()) && !this.#isReleased) drop();
    }, REST_MS);
    this.#expiry = setTimeout(drop, IDLE_MS).unref();
  }

  get isReady(): boolean {
    return this.#isClean && this.container.alive;
  }

  /** Whether it is clean; once, however often it is asked. */
  renew(): Promise<boolean> {
    this.#renewed ??= this.container.renew().then((clean) => {
      this.#isClean = clean;
      return clean;
    });
    return this.#renewed;
  }

  release(): void {
    this.#isReleased = true;
    clearTimeout(this.#rest);
    clearTimeout(this.#expiry);
  }
}
