/** Follows the state and the runs of one pass by its events; resumes after a lost connection. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { createClient, type LiveEvents, openStream, ServerUnreachable } from '@ved/core/browser';
import { type Pass, type PassRun, runnerRoutes } from '@ved/runner/contract';
import { untilRetry } from '../runs/retry.ts';

const client = createClient(runnerRoutes);

export interface PassGroup {
  readonly group: number;
  readonly runs: readonly PassRun[];
}

export class PassFollower implements IDisposable {
  readonly changed = new Signal<this, void>(this);
  pass: Pass | null = null;
  error: Error | null = null;
  private readonly runs = new Map<number, PassRun>();
  private readonly abort = new AbortController();

  constructor(
    readonly passId: number,
    private readonly live: LiveEvents,
  ) {
    void this.follow(this.abort.signal);
  }

  get isDisposed(): boolean {
    return this.abort.signal.aborted;
  }
  dispose(): void {
    this.abort.abort();
    Signal.clearData(this);
  }

  /** The runs by group, in the order of their numbers. */
  get groups(): PassGroup[] {
    const groups = new Map<number, PassRun[]>();
    for (const run of [...this.runs.values()].sort((a, b) => a.ordering_number - b.ordering_number)) {
      const group = Math.floor(run.ordering_number);
      groups.set(group, [...(groups.get(group) ?? []), run]);
    }
    return [...groups].map(([group, runs]) => ({ group, runs }));
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let lastEventId: string | null = null;
    while (!signal.aborted) {
      try {
        if (!this.pass) this.load(await client.getPass({ params: { id: this.passId } }, { signal }));
        const request = { params: { id: this.passId }, query: { output: 'false' } };
        for await (const event of openStream(runnerRoutes.passEvents, request, { lastEventId, signal })) {
          if (event.id !== null) lastEventId = event.id;
          if (event.event === 'run') this.runs.set(event.data.id, event.data);
          else this.pass = event.data;
          this.changed.emit();
          if (event.event === 'done') return;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServerUnreachable)) {
          this.error = error as Error;
          this.changed.emit();
          return;
        }
      }
      await untilRetry(this.live, signal);
    }
  }

  private load({ groups, ...pass }: Pass & { groups: { runs: PassRun[] }[] }): void {
    this.pass = pass;
    for (const run of groups.flatMap((group) => group.runs)) this.runs.set(run.id, run);
    this.changed.emit();
  }
}
