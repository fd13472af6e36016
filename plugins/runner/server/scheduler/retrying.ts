/** Tries a step that must not be given up until it succeeds, with growing pauses. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface Retrying {
  readonly log: Logger;
  /** Logged at each failure. */
  readonly complaint: string;
  /** Whether the server is stopping: then the next failure is the last. */
  isStopping(): boolean;
}

/** `step` is told how often it failed before. Throws its last error when the server stops meanwhile; its next start ends what was running. */
export async function retrying(step: (failed: number) => Promise<void>, { log, complaint, isStopping }: Retrying): Promise<void> {
  for (let tried = 1, pauseMs = FIRST_PAUSE_MS; ; tried += 1, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await step(tried - 1);
    } catch (error) {
      if (isStopping()) throw error;
      log.warn({ err: error, tried }, complaint);
      await pause(pauseMs, undefined, { ref: false });
    }
  }
}
