/**
 * A sandbox runs one script: a container or a child process. This is all that the
 * shared code of the engines needs from it.
 */
import type { Artefact, Job, Output, Ran } from '../../contract/engine.ts';

/** How the script ended, as reported by the sandbox. */
export interface ScriptExit {
  readonly type: 'exit';
  /** Negative for a signal. */
  readonly exitCode: number;
  /** The script, or one of its child processes, ran out of memory. */
  readonly outOfMemory: boolean;
  readonly reason: string | null;
  readonly peakMemoryBytes: number | null;
}

/** Why a sandbox died before it reported how the script ended. */
export interface Death {
  readonly status: 'out_of_memory' | 'engine_error';
  readonly reason: string;
}

export interface Sandbox {
  /** Whether it is still waiting for a job. */
  readonly alive: boolean;
  /** Whether it was used by an earlier run. Only if sandboxes can be reused. */
  readonly reused?: boolean;
  /** The interpreter in it, for the record of the run. Only for engines with several. */
  readonly ran?: Ran;
  /** Starts the script. Only once, unless the sandbox was renewed. */
  send(job: Job): void;
  /**
   * The script's output, then its exit, then its files from `/tmp/out`. Ends without an exit if the sandbox died or was
   * killed; throws if that happens after the exit, or if the files violate the format.
   */
  follow(): AsyncIterable<Output | ScriptExit | Artefact>;
  /** Monitors a run for exceeded limits; returns a function that stops that. */
  watch?(job: Job, exceeded: () => void): () => void;
  /** Called when `follow` ended without an exit although nobody killed the sandbox. */
  explainDeath(): Promise<Death>;
  /** Ends the script immediately. */
  kill(): void;
  /** Removes it completely, in any state. Does not reject. */
  dispose(): Promise<void>;
}
