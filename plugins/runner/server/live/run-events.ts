/**
 * The events of one run, read from the store: 1 `status` queued, 2 `status` running,
 * then `output`, `files` if there are any, finally `done`. The ids follow from what is
 * stored, so a follower resumes with nothing lost or duplicated, even after a restart,
 * and a slow one costs only its position.
 */
import type { ServerSentEvent } from '@ved/core/server';
import { type HeldTail, isFinal, type RunFiles } from '@ved/runner/contract';
import { asQueued, asRunning, leftOutOf, type RunRow, toListItem } from '../store/rows.ts';
import type { RunStore } from '../store/run-store.ts';
import type { ChangeSignals } from './change-signals.ts';
import type { HeldTails } from './held-tails.ts';

const QUEUED_ID = 1;
const RUNNING_ID = 2;
/** The id of the first output of a run. */
export const FIRST_OUTPUT_ID = 3;

/** The id after `Last-Event-ID`; the first one if there is none or it is not one of ours. */
function idAfter(lastEventId: string | null): number {
  return lastEventId !== null && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) + 1 : QUEUED_ID;
}

export class RunEvents {
  constructor(
    private readonly store: RunStore,
    private readonly signals: ChangeSignals,
    private readonly tails: HeldTails,
  ) {}

  /** Whether a follower that resumes with this id has received everything, so that no stream is needed. Throws NotFound. */
  async isUpToDate(runId: number, lastEventId: string | null): Promise<boolean> {
    const run = await this.store.row(runId);
    return isFinal(run.status) && idAfter(lastEventId) > (await this.doneId(run));
  }

  /** Ends after `done`, or when `signal` fires. Throws NotFound before the first event. */
  async *follow(runId: number, lastEventId: string | null, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const watch = this.signals.watch(runId);
    try {
      let next = idAfter(lastEventId);
      let sentTail: HeldTail | null = null;
      let sentReason: string | null = null;
      while (!signal.aborted) {
        const run = await this.store.row(runId);
        const isQueuedSent = next > QUEUED_ID;
        for await (const event of this.eventsFrom(run, next)) {
          yield event;
          next = Number(event.id) + 1;
        }
        if (isFinal(run.status)) return;
        // Without an id, because `queued` was sent already; the reason why it is still queued may come later.
        if (isQueuedSent && run.status === 'queued' && run.reason !== sentReason) yield { event: 'status', data: asQueued(run) };
        sentReason = run.reason;
        const tail = this.tails.of(runId);
        if (tail !== null && tail !== sentTail) yield { event: 'tail', data: tail };
        sentTail = tail;
        await watch.changed(signal);
      }
    } finally {
      watch.close();
    }
  }

  /** The events of a run that are available now, from an id on. */
  private async *eventsFrom(run: RunRow, from: number): AsyncGenerator<ServerSentEvent> {
    if (from <= QUEUED_ID) yield { id: QUEUED_ID, event: 'status', data: asQueued(run) };
    const started = run.started_at !== null;
    if (started && from <= RUNNING_ID) yield { id: RUNNING_ID, event: 'status', data: asRunning(run) };
    if (started) yield* this.output(run.id, Math.max(from, FIRST_OUTPUT_ID));
    if (!isFinal(run.status)) return;
    const doneId = await this.doneId(run);
    if (hasFiles(run) && from < doneId)
      yield {
        id: doneId - 1,
        event: 'files',
        data: { files: await this.store.files.list(run), files_left_out: leftOutOf(run) } satisfies RunFiles,
      };
    if (from <= doneId) yield { id: doneId, event: 'done', data: toListItem(run) };
  }

  /** The id of the last event of a run that has ended. */
  private async doneId(run: RunRow): Promise<number> {
    const lastId = run.started_at === null ? QUEUED_ID : ((await this.store.lastSeq(run.id)) ?? RUNNING_ID);
    return lastId + (hasFiles(run) ? 2 : 1);
  }

  private async *output(runId: number, from: number): AsyncGenerator<ServerSentEvent> {
    for (let next = from; ; ) {
      const chunks = await this.store.chunksFrom(runId, next);
      for (const chunk of chunks) yield { id: chunk.seq, event: 'output', data: chunk };
      if (chunks.length === 0) return;
      next = chunks.at(-1)!.seq + 1;
    }
  }
}

function hasFiles(run: RunRow): boolean {
  return run.file_count > 0 || run.files_left_out !== null;
}
