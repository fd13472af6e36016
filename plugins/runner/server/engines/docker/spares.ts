/**
 * Keeps a container warm for a while after a run whose image the pool does not
 * hold: another interpreter's, or one with packages. Few in all, however many
 * interpreters there are; the oldest makes room.
 */
import type { Container } from './container.ts';

export interface SparesOptions {
  /** How many are kept over all images. */
  readonly size: number;
  discard(container: Container): void;
}

/** As long as a lane waits for the next run of a person. */
const IDLE_MS = 60_000;

interface Spare {
  readonly imageId: string;
  readonly container: Promise<Container>;
  readonly expiry: NodeJS.Timeout;
}

export class Spares {
  readonly #options: SparesOptions;
  /** In the order in which they were made. */
  #spares: Spare[] = [];
  #closed = false;

  constructor(options: SparesOptions) {
    this.#options = options;
  }

  /** One of this image that is up, or on its way; null when there is none. */
  async take(imageId: string): Promise<Container | null> {
    const spare = this.#spares.find((each) => each.imageId === imageId);
    if (!spare) return null;
    this.#remove(spare);
    const container = await spare.container.catch(() => null);
    if (!container || container.alive) return container;
    this.#options.discard(container);
    return this.take(imageId);
  }

  /** Makes one of an image unless one waits. Called after a run; what fails here is told by the next run. */
  keep(imageId: string, boot: () => Promise<Container>): void {
    if (this.#closed || this.#options.size === 0 || this.#spares.some((each) => each.imageId === imageId)) return;
    const expiry = setTimeout(() => this.#drop(spare), IDLE_MS).unref();
    const spare: Spare = { imageId, container: boot(), expiry };
    spare.container.catch(() => this.#remove(spare));
    this.#spares.push(spare);
    if (this.#spares.length > this.#options.size) this.#drop(this.#spares[0]!);
  }

  /** Discards those of an image that is about to go, and waits until they are handed over for that. */
  async forget(imageId: string): Promise<void> {
    const doomed = this.#spares.filter((each) => each.imageId === imageId);
    await Promise.all(doomed.map((spare) => this.#drop(spare)));
  }

  /** Discards all. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#spares].map((spare) => this.#drop(spare)));
  }

  #remove(spare: Spare): void {
    clearTimeout(spare.expiry);
    this.#spares = this.#spares.filter((each) => each !== spare);
  }

  async #drop(spare: Spare): Promise<void> {
    this.#remove(spare);
    const container = await spare.container.catch(() => null);
    if (container) this.#options.discard(container);
  }
}
