/**
 * Keeps containers for the next run of the same lane: one pass, or one person's
 * own runs. A container never changes its lane; between two runs it has proved
 * that it is as new, or it is discarded.
 */
import type { Container } from './container.ts';

export interface LanesOptions {
  /** How many are kept over all lanes; the one that has waited longest makes room. */
  readonly size: number;
  discard(container: Container): void;
}

/** A pass goes on within milliseconds; a person who edits and runs again may take this long. */
const IDLE_MS = 30_000;
/** Then a fresh one, so that nothing that is not thought of adds up. */
const LONGEST_LIFE_RUNS = 100;

interface Kept {
  readonly lane: string;
  readonly container: Container;
  /** Whether it was clean. */
  readonly renewed: Promise<boolean>;
  readonly expiry: NodeJS.Timeout;
}

export class Lanes {
  readonly #options: LanesOptions;
  /** In the order in which they came. */
  #kept: Kept[] = [];

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** A container that is ready for this lane, waiting until it has been made so; null when there is none. */
  async take(lane: string): Promise<Container | null> {
    for (;;) {
      const kept = this.#kept.find((each) => each.lane === lane);
      if (!kept) return null;
      this.#release(kept);
      if ((await kept.renewed) && kept.container.alive) return kept.container;
      this.#options.discard(kept.container);
    }
  }

  /** Takes in a container whose run has ended by itself. */
  keep(lane: string, container: Container): void {
    if (container.runs >= LONGEST_LIFE_RUNS) {
      this.#options.discard(container);
      return;
    }
    const expiry = setTimeout(() => this.#drop(kept), IDLE_MS).unref();
    const kept: Kept = { lane, container, renewed: container.renew(), expiry };
    this.#kept.push(kept);
    void kept.renewed.then((clean) => {
      if (!clean && this.#kept.includes(kept)) this.#drop(kept);
    });
    if (this.#kept.length > this.#options.size) this.#drop(this.#kept[0]!);
  }

  /** Discards all. */
  close(): void {
    for (const kept of [...this.#kept]) this.#drop(kept);
  }

  #release(kept: Kept): void {
    clearTimeout(kept.expiry);
    this.#kept = this.#kept.filter((each) => each !== kept);
  }

  #drop(kept: Kept): void {
    this.#release(kept);
    this.#options.discard(kept.container);
  }
}
