/**
 * How far a follower of a pass has been told: the revision of the pass, and of
 * each run that goes on the number of its last output. Its text is the id of an
 * event, such as `12` or `12.7:5.9:3`: whoever comes back with it misses nothing.
 */

const FORM = /^\d{1,15}(\.\d{1,15}:\d{1,15})*$/;

export class PassPlace {
  revision = 0;
  /** By run that goes on: the number of the last output told; 0 before the first. */
  private readonly outputs = new Map<number, number>();
  /** The same as an id has it, from whoever sent it: looked at only for runs of the pass. */
  private readonly resumed = new Map<number, number>();

  /** `onGoing` is called for each run whose output is to be told from now on; null when none is. */
  private constructor(private readonly onGoing: ((runId: number) => void) | null) {}

  /** The beginning, where there is no id or it is not one of ours. */
  static of(lastEventId: string | null, onGoing: ((runId: number) => void) | null): PassPlace {
    const place = new PassPlace(onGoing);
    if (lastEventId === null || !FORM.test(lastEventId)) return place;
    const [revision, ...outputs] = lastEventId.split('.');
    place.revision = Number(revision);
    for (const output of outputs) {
      const [runId, seq] = output.split(':').map(Number);
      place.resumed.set(runId!, seq!);
    }
    return place;
  }

  get going(): readonly number[] {
    return [...this.outputs.keys()];
  }

  goesOn(runId: number): void {
    if (this.onGoing === null || this.outputs.has(runId)) return;
    this.outputs.set(runId, this.resumed.get(runId) ?? 0);
    this.onGoing(runId);
  }

  isOver(runId: number): void {
    this.outputs.delete(runId);
  }

  lastOutput(runId: number): number {
    return this.outputs.get(runId) ?? 0;
  }

  toldOutput(runId: number, seq: number): void {
    this.outputs.set(runId, seq);
  }

  toString(): string {
    const told = [...this.outputs].filter(([, seq]) => seq > 0);
    return [this.revision, ...told.map((output) => output.join(':'))].join('.');
  }
}
