/** A hook that follows a signal. */
import type { ISignal } from '@lumino/signaling';
import { useLayoutEffect, useReducer } from 'react';

/** Rerenders the component whenever the signal is emitted. */
export function useSignal(signal: ISignal<unknown, unknown> | undefined): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  // Before the browser paints: an ordinary effect runs later, and would miss what is emitted in between.
  useLayoutEffect(() => {
    signal?.connect(draw);
    return () => void signal?.disconnect(draw);
  }, [signal]);
}
