/**
 * Follows the state and the output of one run, live or stored. After a lost
 * connection it resumes after the last event, with nothing lost or duplicated.
 */

import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { ApiError, type LiveEvents, openStream, ServerUnreachable } from '@ved/core/browser';
import { type HeldTail, isFinal, type OutputChunk, type RunFiles, type RunListItem, runnerRoutes } from '@ved/runner/contract';
import { LogLines } from '../log/log-lines.ts';
import { untilRetry } from './retry.ts';

export class RunFollower implements IDisposable {
  readonly lines = new LogLines();
  /** The state of the run, or the error, changed. */
  readonly changed = new Signal<this, void>(this);
  /** Output arrived. */
  readonly grew = new Signal<this, void>(this);
  run: RunListItem | null = null;
  error: Error | null = null;
  /** The files that it left in `/tmp/out`; null if none, or none yet. */
  files: RunFiles | null = null;
  /** Output that is held back until the run ends, once the beginning of a stream is full; null for most runs. */
  tail: HeldTail | null = null;
  private endOfStderr = '';
  private abort: AbortController | null = null;
  private disposed = false;

  constructor(private readonly live: LiveEvents) {}

  /** The end of stderr, at most 16 KiB: enough for a traceback. */
  get stderrTail(): string {
    return this.endOfStderr;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }
  dispose(): void {
    this.disposed = true;
    this.abort?.abort();
    Signal.clearData(this);
  }

  /** Follows a run until it has ended, in place of the previous one. */
  follow(runId: number): void {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.run = null;
    this.error = null;
    this.files = null;
    this.tail = null;
    this.endOfStderr = '';
    this.lines.clear();
    this.changed.emit();
    this.grew.emit();
    void this.followEvents(runId, abort.signal);
  }

  private async followEvents(runId: number, signal: AbortSignal): Promise<void> {
    let lastEventId: string | null = null;
    while (!signal.aborted) {
      try {
        for await (const event of openStream(runnerRoutes.runEvents, { params: { id: runId } }, { lastEventId, signal })) {
          if (event.id !== null) lastEventId = event.id;
          this.take(event.event, event.data);
        }
        if (this.run && isFinal(this.run.status)) return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServerUnreachable)) {
          this.error = error instanceof ApiError ? error : new Error('The output could not be followed.', { cause: error });
          this.changed.emit();
          return;
        }
      }
      await untilRetry(this.live, signal);
    }
  }

  private take(event: string, data: unknown): void {
    if (event === 'output') {
      const chunk = data as OutputChunk;
      this.lines.append(chunk.stream, chunk.text);
      if (chunk.stream === 'stderr') this.endOfStderr = (this.endOfStderr + chunk.text).slice(-16 * 1024);
      this.grew.emit();
    } else if (event === 'files') {
      this.files = data as RunFiles;
      this.changed.emit();
    } else if (event === 'tail') {
      this.tail = data as HeldTail;
      this.changed.emit();
    } else if (event === 'status' || event === 'done') {
      if (event === 'done') this.tail = null;
      this.run = data as RunListItem;
      this.changed.emit();
    }
  }
}
