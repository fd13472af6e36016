/**
 * The interface between the queue and whatever executes Python. Another plugin may
 * provide an engine: it requires the token `EngineRegistry` and registers one.
 */
import { Token } from '@lumino/coreutils';
import type { LeftOut } from './files.ts';

/** The part of AbortSignal that an engine needs; any AbortSignal will do. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A Python that an engine can run scripts on. */
export interface Interpreter {
  /** What runs ask for and what their records name, such as `cpython-3.14`. */
  readonly name: string;
  /** The Python version, such as `3.14.2`; null if unknown. */
  readonly version: string | null;
  /** `unusable`: it exists but cannot start Python. */
  readonly state: 'ready' | 'missing' | 'fetching' | 'unusable';
  /** A sentence for people on why it is not ready; null if it is. */
  readonly reason: string | null;
  /** The image that contains it; null for an engine without images. */
  readonly image: string | null;
  readonly imageDigest: string | null;
}

/** What scripts can import, for advice on an import that fails. */
export interface Importable {
  /** Whether a script can declare packages, and a sentence of advice to show after the instructions. */
  readonly packages: { readonly available: boolean; readonly advice: string };
  /** Modules of the standard library that it does not have. */
  readonly missingModules: ReadonlySet<string>;
}

export interface Capabilities {
  readonly available: boolean;
  /** Why it is not available and what it needs; null if it is available. */
  readonly reason: string | null;
  /** Name and version, such as `cpython-3.14`. */
  readonly interpreter: string;
  /** One sentence on what isolates a script from the machine. */
  readonly isolation: string;
  /** What scripts cannot do there, one sentence each. */
  readonly limitations: readonly string[];
  readonly imageDigest: string | null;
  /** All that a run may ask for, the default first; absent if there is only the one named above. */
  readonly interpreters?: readonly Interpreter[];
  /** Absent for an engine that does not run standard Python: imports are not checked there. */
  readonly importable?: Importable;
  /** Something is missing that `prepare` can fetch: the engine responds, but an image is missing. */
  readonly preparable?: boolean;
}

/** What people who wait for an engine see; `fraction` is null if unknown. */
export interface Progress {
  readonly text: string;
  readonly fraction: number | null;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly cpus: number;
  /** The run is ended when both streams together exceed this many bytes. */
  readonly outputBytes: number;
}

export interface Job {
  /** Identifies containers and processes in the log; never reused within a data folder. */
  readonly runId: number;
  readonly script: Uint8Array;
  /** The contents of the file named by `sys.argv[1]`. */
  readonly input: Uint8Array;
  readonly limits: Limits;
  /** Fires when someone cancels, or the server stops. */
  readonly signal: CancelSignal;
  /** Identifies the person and the pass; a container is only reused for jobs of the same lane. */
  readonly lane: string;
  /** The interpreter to use; the default if absent. */
  readonly interpreter?: string;
  /** Packages that the script needs, as normalised PEP 508 requirements; none if absent. */
  readonly packages?: readonly string[];
}

/** `data` as the script wrote it, any bytes. A consumer that does not request the next item applies backpressure to the script. */
export interface Output {
  readonly type: 'output';
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/**
 * A complete file that the script left in `/tmp/out`, or a note on what is left out. Sent after the last output and before the
 * exit, if the script ended by itself. The engine must respect `FILE_LIMITS`; the caller checks them again.
 */
export type Artefact = FileArtefact | LeftOutArtefact;

export interface FileArtefact {
  readonly type: 'file';
  /** Relative to `/tmp/out`. */
  readonly name: string;
  readonly data: Uint8Array;
}

export interface LeftOutArtefact extends Readonly<LeftOut> {
  readonly type: 'left-out';
}

/** The script has started: containers are booted, and the time limit counts. */
export interface Started {
  readonly type: 'started';
  /** What actually runs it; absent if that is the default as of the last probe. */
  readonly ran?: Ran;
}

/** What the record of a run names, for engines with several interpreters. */
export interface Ran {
  readonly interpreter: string;
  readonly imageDigest: string | null;
  /** Packages that were installed for it, as `name==version`; absent if none or unknown. */
  readonly packages?: readonly string[];
}

export interface Exit {
  readonly type: 'exit';
  readonly status: 'succeeded' | 'failed' | 'timeout' | 'out_of_memory' | 'cancelled' | 'output_limit' | 'engine_error';
  readonly exitCode: number | null;
  /** For people, if the status alone does not explain it. */
  readonly reason: string | null;
  readonly durationMs: number;
  readonly peakMemoryBytes: number | null;
  /** Whether the sandbox was used by an earlier run of its lane; absent or false for a new one. */
  readonly reused?: boolean;
}

export interface Engine {
  readonly id: string;
  probe(): Promise<Capabilities>;
  /** Removes what a previous server process left behind. */
  reap(): Promise<void>;
  /** Fetches what is missing, such as an image. Called when a probe reported `preparable`; rejects with a message for people. */
  prepare?(report: (progress: Progress) => void, signal: CancelSignal): Promise<void>;
  /** Prepares for fast runs, such as by booting sandboxes. Called when this engine comes into use; returns immediately. */
  warmUp?(): void;
  /**
   * Fetches what a job needs and is missing, such as packages. `run` does so too, but would occupy a slot in the meantime.
   * Reports progress, and null at the end. Rejects with a message for people. Absent for an engine without packages.
   */
  makeReady?(job: Job, report: (progress: Progress | null) => void): Promise<void>;
  /** Yields `Started`, any number of `Output` and `Artefact`, and finally exactly one `Exit`. Never throws because of the script. */
  run(job: Job): AsyncIterable<Started | Output | Artefact | Exit>;
  /** Releases all resources: containers, processes, timers. */
  close(): Promise<void>;
}

/** Where engines are registered. Server only. */
export interface EngineRegistry {
  /** Adds an engine and returns a function that removes it; the caller closes the engine after that. Throws if the id is taken. */
  register(engine: Engine): () => void;
}
export const EngineRegistry = new Token<EngineRegistry>('@ved/runner:EngineRegistry', 'Where engines that execute Python are registered.');
