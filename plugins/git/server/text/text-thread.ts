/**
 * Compares and merges texts without holding up the server: small ones at once,
 * large ones in a thread. Its work is bounded (EDIT_LIMIT), so that one request
 * waits for others at most some seconds.
 */
import { WorkThread } from '@ved/core/server';
import { TEXT_WORK, type TextWork } from './text-work.ts';

/** Characters of all texts together up to which the work takes less than to ask a thread: some 5 ms, for lines as short as they get. */
const SMALL_LENGTH = 32_000;

export class TextThread {
  private readonly thread = new WorkThread<TextWork>('text-worker', import.meta.url);

  /** Rejects when the thread dies, as of too little memory. */
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
