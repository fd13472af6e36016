/**
 * One sandbox runs one script: a container, a child process. This is all that
 * an engine's common part needs of either.
 */
import type { Artefact, Job, Output, Ran } from '../../contract/engine.ts';

/** How the script ended, as the sandbox saw it. */
export interface ScriptExit {
  readonly type: 'exit';
  /** Negative for a signal. */
  readonly exitCode: number;
  /** The script, or a process of its own, died for want of memory. */
  readonly outOfMemory: boolean;
  readonly reason: string | null;
  readonly peakMemoryBytes: number | null;
}

/** Why a sandbox was gone before it could say how the script ended. */
export interface Death {
  readonly status: 'out_of_memory' | 'engine_error';
  readonly reason: string;
}

export interface Sandbox {
  /** Whether it still waits for a job. */
  readonly alive: boolean;
  /** Whether another run came before in it. Only where sandboxes may be kept. */
  readonly reused?: boolean;
  /** What runs the script in it, for the record of the run. Only where engines have a choice. */
  readonly ran?: Ran;
  /** Begins the script. Once, unless the sandbox has been made ready again. */
  send(job: Job): void;
  /**
   * What the script writes, then how it ended, then what it left in `/tmp/out`. Ends without an exit when the sandbox died or
   * was killed; throws when that happens after the exit, or when what is handed over breaks its form.
   */
  follow(): AsyncIterable<Output | ScriptExit | Artefact>;
  /** Looks after a run for more than it may have; returns what stops that. */
  watch?(job: Job, exceeded: () => void): () => void;
  /** Asked when `follow` ended without an exit and nobody had killed it. */
  explainDeath(): Promise<Death>;
  /** Ends the script at once. */
  kill(): void;
  /** Leaves nothing of it; whatever state it is in. Does not reject. */
  dispose(): Promise<void>;
}
