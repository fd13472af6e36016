/** When a broken stream is worth another try. */
import type { LiveEvents } from '@ved/core/browser';

/** While the server is away and the live events have not said that it is back. */
const RETRY_MS = 2000;

/** Resolves when the live events are back, when a while has passed, or when `signal` fires. */
export function untilWorthATry(live: LiveEvents, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      live.resumed.disconnect(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, RETRY_MS);
    live.resumed.connect(done);
    signal.addEventListener('abort', done);
  });
}
