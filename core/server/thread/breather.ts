/** Lets others have the event loop while one request goes through much. */
import { setImmediate } from 'node:timers/promises';

/** Well below the 50 ms for which nobody may hold it; the largest single step (a text of 16 MiB) comes on top. */
const SLICE_MS = 8;

export class Breather {
  private since = performance.now();

  /** To be called between steps. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < SLICE_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
