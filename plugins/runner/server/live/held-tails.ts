/** The held output of running runs, for followers: only the latest, in memory, without an event id. */
import type { HeldTail } from '@ved/runner/contract';
import type { ChangeSignals } from './change-signals.ts';

export class HeldTails {
  private readonly tails = new Map<number, HeldTail>();

  constructor(private readonly signals: ChangeSignals) {}

  set(runId: number, tail: HeldTail): void {
    this.tails.set(runId, tail);
    this.signals.notify([runId]);
  }

  /** Call it once a run has ended: its output is stored then. */
  remove(runId: number): void {
    this.tails.delete(runId);
  }

  of(runId: number): HeldTail | null {
    return this.tails.get(runId) ?? null;
  }
}
