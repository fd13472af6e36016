/** Yields to the event loop while one request processes a lot. */
import { setImmediate } from 'node:timers/promises';

/** Well below the 50 ms for which nothing may block; the largest single step (a text of 16 MiB) comes on top. */
const SLICE_MS = 8;

export class Breather {
  private since = performance.now();

  /** Call it between steps. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < SLICE_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
