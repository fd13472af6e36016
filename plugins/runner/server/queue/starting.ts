/**
 * What one step of the queue starts. It asks for room once, marks the runs that
 * take it, and settles the offer when the step is over.
 */
import { readBlobs } from '../store/blobs.ts';
import type { RunRow } from '../store/rows.ts';
import { claimRuns } from './claim-runs.ts';
import { insertRun } from './new-rows.ts';
import type { ClaimedRun, NewRun, Offer } from './run-queue.ts';
import type { Step } from './step.ts';

export class Starting {
  private offer: Offer | null = null;
  private started: ClaimedRun[] = [];
  private leftNone = false;

  /** `askFor` is called once, if the step may start something; null when nobody carries runs out. */
  constructor(private readonly askFor: () => Offer | null) {}

  /** Whether it looked, and nothing is left that could start. */
  get hasLeftNone(): boolean {
    return this.leftNone;
  }

  /** How many runs may start. */
  ask(): number {
    this.offer ??= this.askFor();
    return (this.offer?.room ?? 0) - this.started.length;
  }

  /** Marks runs that wait as running, as many as there is room for. */
  async claim(step: Step): Promise<void> {
    const room = this.ask();
    if (this.offer === null || room === 0) return;
    const { rows, hasMore } = await claimRuns(step, room, this.offer);
    this.leftNone = !hasMore;
    const bytes = await readBlobs(
      step.trx,
      rows.flatMap((row) => [row.code_sha256, row.input_sha256]),
    );
    this.started = rows.map((row) => toClaimed(row, bytes));
  }

  /** Inserts a run that runs already; only one without packages, where nothing waits and there is room. */
  async insertRunning(step: Step, run: NewRun): Promise<number> {
    const { engine } = this.offer!;
    const id = await insertRun(step, run, engine);
    const { scriptId, startedBy, code, input, limits, wantedInterpreter } = run;
    const ran = { interpreter: run.interpreter ?? engine.interpreter, imageDigest: engine.imageDigest };
    this.started = [{ id, scriptId, passId: null, startedBy, code, input, limits, wantedInterpreter, ran }];
    return id;
  }

  /** The step is durable. */
  accept(): void {
    this.offer?.accept(this.started);
  }

  /** The step failed. */
  withdraw(): void {
    this.offer?.withdraw();
  }
}

function toClaimed(row: RunRow, bytes: ReadonlyMap<string, Buffer>): ClaimedRun {
  return {
    id: row.id,
    scriptId: row.script_id,
    passId: row.pass_id,
    startedBy: row.started_by,
    code: bytes.get(row.code_sha256)!,
    input: bytes.get(row.input_sha256)!,
    limits: JSON.parse(row.limits),
    wantedInterpreter: row.wanted_interpreter,
    ran: { interpreter: row.interpreter, imageDigest: row.image_digest },
  };
}
