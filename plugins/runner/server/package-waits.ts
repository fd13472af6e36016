/**
 * Counts the runs that wait until their packages are installed, so that one
 * person's, or many together, keep nobody else from running. What is beyond the
 * bounds stays in the queue, and `onRoom` is called when it may be tried again.
 */
import { PersonShare, personLimits, serverLimits } from '@ved/core/server';

export class PackageWaits {
  private readonly share = new PersonShare(personLimits.packageWaits, serverLimits.packageWaits);
  /** How each that counts is taken out, by the id of the run. */
  private readonly waiting = new Map<number, () => void>();
  private hasRefused = false;

  constructor(private readonly onRoom: () => void) {}

  /** Counts a run; or says why it must stay queued, for a person. */
  begin(runId: number, person: string): string | null {
    const objection = this.share.objection(person);
    this.hasRefused ||= objection !== null;
    if (objection === null) this.waiting.set(runId, this.share.hold(person));
    return objection?.refuse().message ?? null;
  }

  /** Its packages are there, or it needs them no more. Nothing happens to one that does not count. */
  end(runId: number): void {
    if (!this.takeOut(runId) || !this.hasRefused) return;
    this.hasRefused = false;
    this.onRoom();
  }

  /** It did not start after all, as the step failed that should have started it. Whoever tries that again finds the room. */
  withdraw(runIds: readonly number[]): void {
    for (const runId of runIds) this.takeOut(runId);
  }

  private takeOut(runId: number): boolean {
    this.waiting.get(runId)?.();
    return this.waiting.delete(runId);
  }
}
