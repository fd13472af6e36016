/** Waits that are given up: by a run that is cancelled, by a client that leaves. */
import type { CancelSignal } from '../contract/engine.ts';

/**
 * Settles as the promise does; rejects with what `givenUp` returns when the signal fires first. Where that was called,
 * nobody else has the promise's value.
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
