/**
 * What ends a run from outside: its time limit, a person, too much output. The
 * first of them wins and is what the run reports; the engine only has to kill.
 */
import type { Exit, Job } from '../../contract/engine.ts';

export type Ending = 'timeout' | 'cancelled' | 'output_limit' | 'out_of_memory';

export class RunControl {
  readonly #job: Job;
  readonly #kill: () => void;
  #ending: Ending | null = null;
  #startedAt: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #outputBytes = 0;

  /** `kill` must make the run end at once; it is called at most once. */
  constructor(job: Job, kill: () => void) {
    this.#job = job;
    this.#kill = kill;
    if (job.signal.aborted) this.#ending = 'cancelled';
    else job.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Why the run was ended from outside, or null. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** Since the script began, by a monotonic clock. */
  get durationMs(): number {
    return this.#startedAt === null ? 0 : performance.now() - this.#startedAt;
  }

  /** Starts the clock. */
  start(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.end('timeout'), this.#job.limits.timeoutMs);
  }

  end(ending: Ending): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    this.#kill();
  }

  /** What of some output is still within the limit. Ends the run when it is more. */
  admit(data: Uint8Array): Uint8Array {
    const free = this.#job.limits.outputBytes - this.#outputBytes;
    this.#outputBytes += Math.min(data.length, free);
    if (data.length <= free) return data;
    this.end('output_limit');
    return data.subarray(0, free);
  }

  /** Lets go of the clock and the signal. */
  release(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#job.signal.removeEventListener('abort', this.#onAbort);
  }

  /** The exit of a run that was ended from outside. */
  endedExit(ending: Ending, peakMemoryBytes: number | null): Exit {
    const { limits } = this.#job;
    const reasons: Record<Ending, string | null> = {
      timeout: `Ended after its time limit of ${limits.timeoutMs / 1000} s. VED_RUN_TIMEOUT_MS sets it for the server.`,
      cancelled: null,
      output_limit: `Ended after ${Math.round(limits.outputBytes / 2 ** 20)} MiB of output, the most that a run may write. Files in /tmp/out are kept with it.`,
      out_of_memory: outOfMemoryReason(limits.memoryBytes),
    };
    return { type: 'exit', status: ending, exitCode: null, reason: reasons[ending], durationMs: this.durationMs, peakMemoryBytes };
  }

  readonly #onAbort = (): void => this.end('cancelled');
}

/** Says that a script wanted more memory than it may have. */
export function outOfMemoryReason(memoryBytes: number): string {
  return `Wanted more than its ${Math.round(memoryBytes / 2 ** 20)} MiB of memory. VED_RUN_MEMORY_BYTES sets it for the server.`;
}
