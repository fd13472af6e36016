/**
 * The interface between those who request runs and those who execute them. Changes are
 * durable when a method resolves. It knows nothing about engines. Another implementation
 * could give runs to workers on other machines.
 */
import type { RunStatus } from '@ved/catalog/contract';
import type { Limits, OnFailure, OutputChunk, Ran, Source } from '@ved/runner/contract';
import type { NewFiles } from '../files/gathered-files.ts';

export interface NewRun {
  readonly scriptId: number;
  readonly versionId: number;
  /** In hundredths. */
  readonly ordering: number;
  readonly descriptiveName: string;
  readonly versionLabel: string;
  readonly source: Source;
  /** Whether `code` is not the text of that version. */
  readonly unsaved: boolean;
  /** Whether `input` differs from the test data saved with the script. */
  readonly unsavedTestData: boolean;
  readonly gitCommitHash: string;
  readonly code: Uint8Array;
  readonly input: Uint8Array;
  readonly startedBy: string;
  readonly limits: Limits;
  /** Whether the script declares packages, which may have to be installed first. */
  readonly needsPackages: boolean;
  /** The interpreter that the person chose; null to choose automatically. */
  readonly wantedInterpreter: string | null;
  /** The interpreter expected to run it; null for the engine's default. */
  readonly interpreter: string | null;
}

export interface NewPass {
  readonly startedBy: string;
  readonly onFailure: OnFailure;
  readonly runs: readonly NewRun[];
}

/** The engine that is about to execute a claimed run, as recorded with it. */
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
  /** As recorded. */
  readonly ran: Ran;
}

export interface Outcome {
  readonly status: Exclude<RunStatus, 'queued' | 'running'>;
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly durationMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly truncated: boolean;
  /** The last line of stderr of a failed run; null by default. */
  readonly errorLine?: string | null;
  /** Whether its sandbox was used by an earlier run of its lane; false by default. */
  readonly reused?: boolean;
}

/** What one durable step changed. */
export interface Changes {
  readonly runs: readonly number[];
  readonly passes: readonly number[];
  /** Whether more queued runs can start now if there are free slots. */
  readonly mayStartMore: boolean;
}

export interface ClaimOptions {
  /** The engine that will execute them. */
  readonly engine: EngineRecord;
  /** The number of runs of each person that wait for packages. */
  readonly packageWaits: ReadonlyMap<string, number>;
}

export interface RunQueue {
  /** Throws Unavailable if the person has too many queued runs. */
  addRun(run: NewRun): Promise<number>;
  /** Throws Unavailable if the person has too many unfinished passes. */
  addPass(pass: NewPass): Promise<number>;
  /** Marks up to `count` queued runs as running and returns them, each only once. Changes requested earlier in the same turn come first. */
  claim(count: number, options: ClaimOptions): Promise<readonly ClaimedRun[]>;
  /** Corrects the record of a running run. */
  recordRan(runId: number, ran: Ran): Promise<void>;
  /** Stores output of a running run. */
  append(runId: number, chunks: readonly OutputChunk[]): Promise<void>;
  /** Ends a running run and advances its pass; its files from `/tmp/out` are stored in the same step. */
  finish(runId: number, outcome: Outcome, lastChunks: readonly OutputChunk[], files?: NewFiles): Promise<void>;
  /** Ends a queued run. Returns true if it is running instead, and must be aborted. */
  cancelRun(runId: number, reason: string): Promise<boolean>;
  /** Ends the queued runs of a pass. Returns the running ones, which must be aborted. */
  cancelPass(passId: number, reason: string): Promise<number[]>;
  /** Cancels the pass that has started runs; queued passes are left as they are. */
  interruptPass(reason: string): Promise<void>;
  /** Call it once at the start, before anything runs: running runs end as `engine_error`, queued ones stay queued. */
  recover(): Promise<void>;
  /** Calls the listener after every durable step until the returned function is called. */
  onChange(listener: (changes: Changes) => void): () => void;
}
