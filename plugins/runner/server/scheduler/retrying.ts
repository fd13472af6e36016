/** Retries a step that must succeed, with growing pauses. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface Retrying {
  readonly log: Logger;
  /** Logged at each failure. */
  readonly message: string;
  /** Whether the server is stopping: then it does not retry. */
  isStopping(): boolean;
}

/** `step` receives the number of earlier failures. Throws the last error if the server is stopping; the next start ends what was running. */
export async function retrying(step: (failed: number) => Promise<void>, { log, message, isStopping }: Retrying): Promise<void> {
  for (let tried = 1, pauseMs = FIRST_PAUSE_MS; ; tried += 1, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await step(tried - 1);
    } catch (error) {
      if (isStopping()) throw error;
      log.warn({ err: error, tried }, message);
      await pause(pauseMs, undefined, { ref: false });
    }
  }
}
