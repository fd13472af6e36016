/**
 * What the catalog asks about Python text. Parsing happens in worker threads,
 * so that a large or hostile text can neither hold up requests nor take the
 * server down; a thread starts at first use and ends when it is idle.
 */
import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '@ved/catalog/contract';
import type { PluginContext } from '@ved/core/server';
import { textFingerprint } from './fingerprint.ts';
import { WorkerLane } from './worker-lane.ts';

export interface Analysis {
  /** As Python sees it, not yet cleaned; null when there is none. */
  readonly docstring: string | null;
  /** What stops the text from being compiled. */
  readonly diagnostics: Diagnostic[];
}

export interface AnalysisRequest {
  readonly kind: 'analyse' | 'fingerprint';
  readonly content: string;
}
export interface AnalysisReply {
  readonly value: Analysis | string;
}

/** Makes a thread translate TypeScript before it loads the worker; Node 20 does not hand the main thread's loader down. */
const FROM_SOURCE = `const { workerData } = require('node:worker_threads');
import('tsx/esm/api').then(({ register }) => { register(); return import(workerData); });`;

/** The built server has the worker as a file beside its own; a server run from source has the source. */
function spawnWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./analysis-worker.js', import.meta.url));
  return new Worker(FROM_SOURCE, { eval: true, workerData: new URL('./analysis-worker.ts', import.meta.url).href });
}

/** Characters from which on a fingerprint would be felt by somebody who saves meanwhile (about 0.2 s). */
const LARGE_LENGTH = 50_000;

/** Said of a text that overflows the parser; CPython refuses such programs too. */
const TOO_COMPLEX: Diagnostic = { line: 1, column: 1, message: 'The program is too large or too deeply nested to be checked.' };

export class PythonAnalyser {
  /** Quick questions, asked at every save. */
  private readonly quick: WorkerLane<AnalysisRequest, AnalysisReply>;
  /** For fingerprints of large programs, which take seconds. */
  private readonly thorough: WorkerLane<AnalysisRequest, AnalysisReply>;

  constructor(private readonly log: PluginContext['log']) {
    this.quick = new WorkerLane(spawnWorker);
    this.thorough = new WorkerLane(spawnWorker);
  }

  /** Docstring and syntax errors. Never throws for what the text is. */
  async analyse(content: string): Promise<Analysis> {
    try {
      return (await this.quick.ask({ kind: 'analyse', content })).value as Analysis;
    } catch (error) {
      this.log.warn({ err: error }, 'a text could not be parsed');
      return { docstring: null, diagnostics: [TOO_COMPLEX] };
    }
  }

  /** Equal for two texts when they are the same program. Never throws for what the text is. */
  async fingerprint(content: string): Promise<string> {
    try {
      const lane = content.length > LARGE_LENGTH ? this.thorough : this.quick;
      return (await lane.ask({ kind: 'fingerprint', content })).value as string;
    } catch (error) {
      this.log.warn({ err: error }, 'a text could not be compared as a program');
      return textFingerprint(content);
    }
  }

  /** Starts the thread for quick questions ahead of the first one. */
  warm(): void {
    this.quick.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.quick.stop(), this.thorough.stop()]);
  }
}
