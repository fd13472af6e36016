/**
 * Compares and merges texts without blocking the server: small ones immediately,
 * large ones in a worker thread. The work per request is bounded (EDIT_LIMIT), so
 * that a request waits at most some seconds for others.
 */
import { WorkThread } from '@ved/core/server';
import { TEXT_WORK, type TextWork } from './text-work.ts';

/** Up to this many characters in total, the work is cheaper than a call to the thread: about 5 ms, even with the shortest possible lines. */
const SMALL_LENGTH = 32_000;

export class TextThread {
  private readonly thread = new WorkThread<TextWork>('text-worker', import.meta.url);

  /** Rejects when the thread dies, for example because it runs out of memory. */
  async ask<W extends keyof TextWork>(work: W, ...given: Parameters<TextWork[W]>): Promise<ReturnType<TextWork[W]>> {
    if (lengthOf(given) <= SMALL_LENGTH) return (TEXT_WORK[work] as (...given: unknown[]) => ReturnType<TextWork[W]>)(...given);
    return this.thread.ask(work, given);
  }

  stop(): Promise<void> {
    return this.thread.stop();
  }
}

function lengthOf(given: readonly unknown[]): number {
  return given.reduce<number>((sum, each) => sum + (typeof each === 'string' ? each : (each as { text: string }).text).length, 0);
}
