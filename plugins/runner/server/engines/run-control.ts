/**
 * Ends a run from outside: on its time limit, a cancellation or too much output. The
 * first reason wins and is reported; the engine only has to kill the sandbox.
 */
import type { Exit, Job } from '../../contract/engine.ts';

export type Ending = 'timeout' | 'cancelled' | 'output_limit' | 'out_of_memory';

export class RunControl {
  private readonly job: Job;
  private readonly kill: () => void;
  private firstEnding: Ending | null = null;
  private startedAt: number | null = null;
  private timer: NodeJS.Timeout | null = null;
  private outputBytes = 0;

  /** `kill` must end the run immediately; it is called at most once. */
  constructor(job: Job, kill: () => void) {
    this.job = job;
    this.kill = kill;
    if (job.signal.aborted) this.firstEnding = 'cancelled';
    else job.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Why the run was ended from outside, or null. */
  get ending(): Ending | null {
    return this.firstEnding;
  }

  /** Since the script started, by a monotonic clock. */
  get durationMs(): number {
    return this.startedAt === null ? 0 : performance.now() - this.startedAt;
  }

  /** Starts the clock. */
  start(): void {
    this.startedAt = performance.now();
    this.timer = setTimeout(() => this.end('timeout'), this.job.limits.timeoutMs);
  }

  end(ending: Ending): void {
    if (this.firstEnding !== null) return;
    this.firstEnding = ending;
    this.kill();
  }

  /** Returns the part of the output that is within the limit. Ends the run if there is more. */
  admit(data: Uint8Array): Uint8Array {
    const free = this.job.limits.outputBytes - this.outputBytes;
    this.outputBytes += Math.min(data.length, free);
    if (data.length <= free) return data;
    this.end('output_limit');
    return data.subarray(0, free);
  }

  /** Releases the timer and the signal. */
  release(): void {
    if (this.timer) clearTimeout(this.timer);
    this.job.signal.removeEventListener('abort', this.onAbort);
  }

  /** The exit of a run that was ended from outside. */
  endedExit(ending: Ending, peakMemoryBytes: number | null): Exit {
    const { limits } = this.job;
    const reasons: Record<Ending, string | null> = {
      timeout: `Exceeded the time limit of ${limits.timeoutMs / 1000} s (server setting VED_RUN_TIMEOUT_MS).`,
      cancelled: null,
      output_limit: `Exceeded the output limit of ${Math.round(limits.outputBytes / 2 ** 20)} MiB. Write large results to /tmp/out instead.`,
      out_of_memory: outOfMemoryReason(limits.memoryBytes),
    };
    return { type: 'exit', status: ending, exitCode: null, reason: reasons[ending], durationMs: this.durationMs, peakMemoryBytes };
  }

  private readonly onAbort = (): void => this.end('cancelled');
}

/** The reason of a run that exceeded its memory limit. */
export function outOfMemoryReason(memoryBytes: number): string {
  return `Exceeded the memory limit of ${Math.round(memoryBytes / 2 ** 20)} MiB (server setting VED_RUN_MEMORY_BYTES).`;
}
