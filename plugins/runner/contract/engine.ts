/**
 * The seam between the queue and whatever executes Python. Another plugin may
 * bring an engine: it requires the token `EngineRegistry` and registers one.
 */
import { Token } from '@lumino/coreutils';
import type { LeftOut } from './files.ts';

/** The part of AbortSignal that an engine needs; an AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** One of the Pythons that an engine has for scripts. */
export interface Interpreter {
  /** What a run asks for and is recorded with, such as `cpython-3.14`. */
  readonly name: string;
  /** Of its Python, such as `3.14.2`, as far as it is known; null when it is not. */
  readonly version: string | null;
  /** `unusable` is one that is there and starts no Python. */
  readonly state: 'ready' | 'missing' | 'fetching' | 'unusable';
  /** Why it is not ready, a sentence for a person; null when it is. */
  readonly reason: string | null;
  /** The image that holds it; null of an engine without images. */
  readonly image: string | null;
  readonly imageDigest: string | null;
}

/** What scripts may import, for words on an import that fails. */
export interface Importable {
  /** Whether a script can ask for packages, and a sentence that follows how to. */
  readonly packages: { readonly available: boolean; readonly advice: string };
  /** Modules of the standard library that it does not have. */
  readonly missingModules: ReadonlySet<string>;
}

export interface Capabilities {
  readonly available: boolean;
  /** Why it is not available and what it would need; null when it is. */
  readonly reason: string | null;
  /** Name and version, such as `cpython-3.14`. */
  readonly interpreter: string;
  /** One sentence on what stands between a script and the machine. */
  readonly isolation: string;
  /** One sentence each on what scripts cannot do there. */
  readonly limitations: readonly string[];
  readonly imageDigest: string | null;
  /** All that a run may ask for, the default first; absent when there is only the one named above. */
  readonly interpreters?: readonly Interpreter[];
  /** Absent of an engine that does not run Python as it is: nothing is said of imports there. */
  readonly importable?: Importable;
  /** Something is missing that `prepare` may fetch: the engine answers, and an image is not there. */
  readonly preparable?: boolean;
}

/** What a person who waits for an engine is shown; `fraction` is null when how much is left is not known. */
export interface Progress {
  readonly text: string;
  readonly fraction: number | null;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Bytes of both streams together after which the run is ended. */
  readonly outputBytes: number;
}

export interface Job {
  /** Names containers and processes in the log; unique in the life of the data folder. */
  readonly runId: number;
  readonly script: Uint8Array;
  /** What the file named by `sys.argv[1]` holds. */
  readonly input: Uint8Array;
  readonly limits: Limits;
  /** Fires when a person cancels, or the server stops. */
  readonly signal: CancelSignal;
  /** Who runs it and in which pass; a lane that keeps a container shares it only within one of these. */
  readonly lane: string;
  /** Which of the engine's interpreters runs it; the default when absent. */
  readonly interpreter?: string;
  /** Requirements of packages that the script is to find, as PEP 508 has them, normalised; none when absent. */
  readonly packages?: readonly string[];
}

/** `data` as the script wrote it, any bytes. A consumer that does not ask for the next holds the script back. */
export interface Output {
  readonly type: 'output';
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/**
 * A file that the script left in `/tmp/out`, whole, or what of that folder is left out. After the last output and before the
 * exit, of a script that came to an end of its own. `FILE_LIMITS` are the engine's to keep; whoever asked checks them again.
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

/** The script has begun: containers booted, the clock runs. */
export interface Started {
  readonly type: 'started';
  /** What really runs it; absent when that is the default, as the last probe had it. */
  readonly ran?: Ran;
}

/** What a run is recorded with, where engines have a choice. */
export interface Ran {
  readonly interpreter: string;
  readonly imageDigest: string | null;
  /** Packages that were installed for it, as `name==version`; absent when none were, or which is not known. */
  readonly packages?: readonly string[];
}

export interface Exit {
  readonly type: 'exit';
  readonly status: 'succeeded' | 'failed' | 'timeout' | 'out_of_memory' | 'cancelled' | 'output_limit' | 'engine_error';
  readonly exitCode: number | null;
  /** For a person, when status alone does not say. */
  readonly reason: string | null;
  readonly durationMs: number;
  readonly peakMemoryBytes: number | null;
  /** Whether the sandbox had carried out another run of its lane before; absent or false for one of its own. */
  readonly reused?: boolean;
}

export interface Engine {
  readonly id: string;
  probe(): Promise<Capabilities>;
  /** Removes what an earlier life of the server left behind. */
  reap(): Promise<void>;
  /** Fetches what is missing, such as an image. Called when a probe said `preparable`; rejects with a message for a person. */
  prepare?(report: (progress: Progress) => void, signal: CancelSignal): Promise<void>;
  /** Makes ready ahead what makes runs quick. Called when this engine is the one in use; returns at once. */
  warmUp?(): void;
  /**
   * Fetches what a job needs and is not there, such as packages; `run` does so too, but then holds the place of a run that
   * could go on. Tells of its progress, null at the end. Rejects with a message for a person. Absent of an engine without packages.
   */
  makeReady?(job: Job, report: (progress: Progress | null) => void): Promise<void>;
  /** Yields `Started`, any number of `Output`, and exactly one `Exit`, last. Never throws for what the script does. */
  run(job: Job): AsyncIterable<Started | Output | Artefact | Exit>;
  /** Releases everything that it holds: containers, processes, timers. */
  close(): Promise<void>;
}

/** Where engines are registered. Server side. */
export interface EngineRegistry {
  /** Adds an engine, and returns what takes it back; whoever registered it closes it after that. Throws when the id is taken. */
  register(engine: Engine): () => void;
}
export const EngineRegistry = new Token<EngineRegistry>('@ved/runner:EngineRegistry', 'Where engines that execute Python are registered.');
