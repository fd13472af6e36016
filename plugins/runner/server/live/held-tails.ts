/** What goes on runs hold until they end, for those who follow them: of this moment only, in memory, without a number. */
import type { HeldTail } from '@ved/runner/contract';
import type { ChangeSignals } from './change-signals.ts';

export class HeldTails {
  private readonly tails = new Map<number, HeldTail>();

  constructor(private readonly signals: ChangeSignals) {}

  set(runId: number, tail: HeldTail): void {
    this.tails.set(runId, tail);
    this.signals.notify([runId]);
  }

  /** Once a run has ended: what was held is kept with it. */
  remove(runId: number): void {
    this.tails.delete(runId);
  }

  of(runId: number): HeldTail | null {
    return this.tails.get(runId) ?? null;
  }
}
