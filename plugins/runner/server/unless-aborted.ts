/** Waiting that can be given up: when a run is cancelled, or a client disconnects. */
import type { CancelSignal } from '../contract/engine.ts';

/**
 * Settles like the promise, or rejects with the result of `givenUp` if the signal fires first. After `givenUp` was called, the
 * promise's value is lost.
 */
export function unlessAborted<T>(promise: Promise<T>, signal: CancelSignal, givenUp: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', stop);
      settle();
    };
    const stop = (): void => end(() => reject(givenUp()));
    promise.then(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}
