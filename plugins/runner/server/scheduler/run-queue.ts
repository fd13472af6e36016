/**
 * The seam between those who want runs and those who carry them out. What it
 * holds is durable when a method resolves; it knows nothing of engines. Another
 * implementation may hand runs to workers on other machines.
 */
import type { RunStatus } from '@ved/catalog/contract';
import type { Limits, OnFailure, OutputChunk, Ran, Source } from '@ved/runner/contract';
import type { NewFiles } from '../files/gathered-files.ts';

export interface NewRun {
  readonly scriptId: number;
  readonly versionId: number;
  /** Hundredths. */
  readonly ordering: number;
  readonly descriptiveName: string;
  readonly versionLabel: string;
  readonly source: Source;
  /** Whether `code` is not the text of that version. */
  readonly unsaved: boolean;
  /** Whether `input` are other test data than are saved with the script. */
  readonly unsavedTestData: boolean;
  readonly gitCommitHash: string;
  readonly code: Uint8Array;
  readonly input: Uint8Array;
  readonly startedBy: string;
  readonly limits: Limits;
  /** Whether the script asks for packages, which may have to be installed before it can go on. */
  readonly needsPackages: boolean;
  /** The interpreter that the person named; null to have it chosen. */
  readonly wantedInterpreter: string | null;
  /** The one that will run it, as far as is known now; null of the engine's default. */
  readonly interpreter: string | null;
}

export interface NewPass {
  readonly startedBy: string;
  readonly onFailure: OnFailure;
  readonly runs: readonly NewRun[];
}

/** What a claimed run is about to be carried out by; recorded with it. */
export interface EngineRecord {
  readonly engine: string;
  readonly interpreter: string;
  readonly isolation: string;
  readonly imageDigest: string | null;
}

export interface ClaimedRun {
  readonly id: number;
  readonly scriptId: number;
  readonly passId: number | null;
  readonly startedBy: string;
  readonly code: Uint8Array;
  readonly input: Uint8Array;
  readonly limits: Limits;
  readonly needsPackages: boolean;
  readonly wantedInterpreter: string | null;
  /** As it is recorded. */
  readonly ran: Ran;
}

export interface Outcome {
  readonly status: Exclude<RunStatus, 'queued' | 'running'>;
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly durationMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly truncated: boolean;
  /** The last line of its stderr, of a run that failed; null when absent. */
  readonly errorLine?: string | null;
  /** Whether its sandbox had carried out another run of its lane before; false when absent. */
  readonly reused?: boolean;
}

/** What one durable step changed. */
export interface Changes {
  readonly runs: readonly number[];
  readonly passes: readonly number[];
  /** Whether runs wait since then that could start if there were room. */
  readonly mayStartMore: boolean;
}

export interface ClaimOptions {
  /** What they are about to be carried out by. */
  readonly engine: EngineRecord;
  /** How many runs of each person wait for their packages now. */
  readonly packageWaits: ReadonlyMap<string, number>;
}

export interface RunQueue {
  /** Throws Unavailable when the person has too many waiting. */
  addRun(run: NewRun): Promise<number>;
  /** Throws Unavailable when the person has too many that are not over. */
  addPass(pass: NewPass): Promise<number>;
  /** Marks up to so many runs that wait as running, and hands them out: each once. What is asked for in the same turn before it is done by then. */
  claim(count: number, options: ClaimOptions): Promise<readonly ClaimedRun[]>;
  /** Corrects what a running run is recorded with. */
  recordRan(runId: number, ran: Ran): Promise<void>;
  /** Keeps what a running run wrote. */
  append(runId: number, chunks: readonly OutputChunk[]): Promise<void>;
  /** Ends a running run and lets its pass go on; what it left in `/tmp/out` is kept in the same step. */
  finish(runId: number, outcome: Outcome, lastChunks: readonly OutputChunk[], files?: NewFiles): Promise<void>;
  /** Ends a run that waits. True when it is running instead: whoever carries it out must be told. */
  cancelRun(runId: number, reason: string): Promise<boolean>;
  /** Ends the runs of a pass that wait. Answers with those that are running: whoever carries them out must be told. */
  cancelPass(passId: number, reason: string): Promise<number[]>;
  /** Cancels the pass of which something ran already; one that only waits is left as it is. */
  interruptPass(reason: string): Promise<void>;
  /** Called once at the start, before anything starts: what was running ends as `engine_error`, what waits goes on. */
  recover(): Promise<void>;
  /** Calls back after every durable step until the returned function is called. */
  onChange(listener: (changes: Changes) => void): () => void;
}
