/** When to retry a broken stream. */
import type { LiveEvents } from '@ved/core/browser';

/** The longest wait for the live events to reconnect. */
const RETRY_MS = 2000;

/** Resolves when the live events reconnect, after `RETRY_MS`, or when `signal` fires. */
export function untilRetry(live: LiveEvents, signal: AbortSignal): Promise<void> {
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
