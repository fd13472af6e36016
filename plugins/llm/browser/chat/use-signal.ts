/** A hook that follows a signal. */
import type { ISignal } from '@lumino/signaling';
import { useEffect, useReducer } from 'react';

/** Rerenders the component whenever the signal is emitted. */
export function useSignal(signal: ISignal<unknown, unknown> | undefined): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    signal?.connect(draw);
    return () => void signal?.disconnect(draw);
  }, [signal]);
}
