/**
 * How much a follower of a pass has received: the revision of the pass, and the number
 * of the last output of each running run. As a string it is the id of an event, such as
 * `12` or `12.7:5.9:3`: a follower that resumes with it misses nothing.
 */

const FORM = /^\d{1,15}(\.\d{1,15}:\d{1,15})*$/;

export class PassPosition {
  revision = 0;
  /** By running run: the number of the last output sent; 0 before the first. */
  private readonly outputs = new Map<number, number>();
  /** The same from the client's event id; used only for runs of the pass. */
  private readonly resumed = new Map<number, number>();

  /** `onFollow` is called for each run whose output is sent from now on; null to send no output. */
  private constructor(private readonly onFollow: ((runId: number) => void) | null) {}

  /** The start, if there is no id or it is not one of ours. */
  static of(lastEventId: string | null, onFollow: ((runId: number) => void) | null): PassPosition {
    const position = new PassPosition(onFollow);
    if (lastEventId === null || !FORM.test(lastEventId)) return position;
    const [revision, ...outputs] = lastEventId.split('.');
    position.revision = Number(revision);
    for (const output of outputs) {
      const [runId, seq] = output.split(':').map(Number);
      position.resumed.set(runId!, seq!);
    }
    return position;
  }

  get followed(): readonly number[] {
    return [...this.outputs.keys()];
  }

  follow(runId: number): void {
    if (this.onFollow === null || this.outputs.has(runId)) return;
    this.outputs.set(runId, this.resumed.get(runId) ?? 0);
    this.onFollow(runId);
  }

  unfollow(runId: number): void {
    this.outputs.delete(runId);
  }

  lastOutput(runId: number): number {
    return this.outputs.get(runId) ?? 0;
  }

  sentOutput(runId: number, seq: number): void {
    this.outputs.set(runId, seq);
  }

  toString(): string {
    const sent = [...this.outputs].filter(([, seq]) => seq > 0);
    return [this.revision, ...sent.map((output) => output.join(':'))].join('.');
  }
}
