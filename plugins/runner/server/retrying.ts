/** Tries a step that must not be given up until it succeeds, with growing pauses. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Then it is given up: a minute and a half of pauses. What was running is then ended by the next start of the server. */
const TRIES = 25;

/** `step` is told how often it failed before. Throws the last error when every try failed. */
export async function retrying(step: (failed: number) => Promise<void>, log: Logger, complaint: string): Promise<void> {
  for (let tried = 1, pauseMs = FIRST_PAUSE_MS; ; tried += 1, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await step(tried - 1);
    } catch (error) {
      if (tried === TRIES) throw error;
      log.warn({ err: error, tried }, complaint);
      await pause(pauseMs, undefined, { ref: false });
    }
  }
}
