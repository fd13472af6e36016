/**
 * Keeps a spare container for a while after a run whose image is not in the pool:
 * another interpreter's, or one with packages. Only a few in total; the oldest is
 * discarded first.
 */
import type { Container } from './container.ts';

export interface SparesOptions {
  /** The most that are kept, over all images. */
  readonly size: number;
  discard(container: Container): void;
}

/** How long a spare waits for the next run. */
const IDLE_MS = 60_000;

interface Spare {
  readonly imageId: string;
  readonly container: Promise<Container>;
  readonly expiry: NodeJS.Timeout;
}

export class Spares {
  private readonly options: SparesOptions;
  /** Oldest first. */
  private spares: Spare[] = [];
  private closed = false;

  constructor(options: SparesOptions) {
    this.options = options;
  }

  /** A booted or booting container of this image; null if there is none. */
  async take(imageId: string): Promise<Container | null> {
    const spare = this.spares.find((each) => each.imageId === imageId);
    if (!spare) return null;
    this.remove(spare);
    const container = await spare.container.catch(() => null);
    if (!container || container.alive) return container;
    this.options.discard(container);
    return this.take(imageId);
  }

  /** Boots one of an image unless there is one. Called after a run; a failure is reported by the next run. */
  keep(imageId: string, boot: () => Promise<Container>): void {
    if (this.closed || this.options.size === 0 || this.spares.some((each) => each.imageId === imageId)) return;
    const expiry = setTimeout(() => this.drop(spare), IDLE_MS).unref();
    const spare: Spare = { imageId, container: boot(), expiry };
    spare.container.catch(() => this.remove(spare));
    this.spares.push(spare);
    if (this.spares.length > this.options.size) this.drop(this.spares[0]!);
  }

  /** Discards those of an image that is about to be removed. */
  async forget(imageId: string): Promise<void> {
    const removed = this.spares.filter((each) => each.imageId === imageId);
    await Promise.all(removed.map((spare) => this.drop(spare)));
  }

  /** Discards all. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.spares].map((spare) => this.drop(spare)));
  }

  private remove(spare: Spare): void {
    clearTimeout(spare.expiry);
    this.spares = this.spares.filter((each) => each !== spare);
  }

  private async drop(spare: Spare): Promise<void> {
    this.remove(spare);
    const container = await spare.container.catch(() => null);
    if (container) this.options.discard(container);
  }
}
