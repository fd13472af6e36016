/**
 * Takes runs from the queue while there is room and has them carried out.
 * Every run that was claimed is ended: by its engine, by a cancellation, or by
 * the stop of the server.
 */
import type { Job, Progress } from '@ved/runner/contract';
import type { Logger } from 'pino';
import { carryOut } from './carry-out.ts';
import { EnginePatience } from './engine-patience.ts';
import type { ActiveEngine, EngineSelection } from './engine-selection.ts';
import { Places } from './places.ts';
import type { ClaimedRun, EngineRecord, NewRun, Outcome, RunQueue } from './queue/run-queue.ts';

/** Said of runs and passes that the stop of the server ends. */
const STOPPED = 'The server stopped.';

interface Going {
  readonly abort: AbortController;
  /** Ended, and all who keep it know. */
  readonly ended: Promise<void>;
}

/** A run that is over, with what it ran on. */
export interface EndedRun {
  readonly run: ClaimedRun;
  readonly engine: string;
  readonly outcome: Outcome;
}

export interface DispatcherParts {
  readonly queue: RunQueue;
  readonly selection: EngineSelection;
  /** Runs that go on at once. */
  readonly concurrency: number;
  readonly log: Logger;
  /** How long what waits is kept waiting when there is no engine. */
  readonly enginePatienceMs?: number;
  /** Called for every run once its end is durable. */
  readonly recordEnd: (ended: EndedRun) => Promise<void>;
}

export class Dispatcher {
  private readonly going = new Map<number, Going>();
  /** How many of them are over, which others are being told. */
  private telling = 0;
  /** Reasons to end runs that may be about to go on: marked running in the queue, and not handed out by it yet. */
  private readonly cancelledEarly = new Map<number, string>();
  private pumping: Promise<void> | null = null;
  private again = false;
  /** The claim that is being made, or the last one. */
  private round: Promise<void> = Promise.resolve();
  private stopped = false;
  private readonly places: Places;
  private readonly patience: EnginePatience;

  constructor(private readonly parts: DispatcherParts) {
    this.places = new Places(parts.concurrency, () => this.wake());
    this.patience = new EnginePatience({
      patienceMs: parts.enginePatienceMs,
      look: () => void parts.selection.doubt(),
      onGivenUp: () => this.wake(),
    });
  }

  /** How many runs are going on, those included that wait for what they need. */
  get running(): number {
    return this.going.size - this.telling;
  }

  /** Puts a run into the queue; one that need not wait is claimed in the same step. Throws as the queue does. */
  add(run: NewRun): Promise<number> {
    if (this.pumping !== null || this.stopped) return this.parts.queue.addRun(run);
    const room = this.places.takeFree();
    if (room === 0) return this.parts.queue.addRun(run);
    const added = this.addAndStart(run, room);
    this.pumpWith(added.catch(() => undefined));
    return added;
  }

  /** Looks for runs to start; cheap, called after every change of the queue. */
  wake(): void {
    this.again = true;
    if (this.stopped) return;
    if (this.pumping === null) this.pumpWith(this.pump());
  }

  /** Asks a run that is being carried out to end. */
  cancel(runId: number, reason: string): void {
    const going = this.going.get(runId);
    if (going !== undefined) going.abort.abort(reason);
    else if (this.pumping !== null) this.cancelledEarly.set(runId, reason);
  }

  /** Resolves once the end of a run is known to all who keep it, if it goes on here. */
  async settled(runId: number): Promise<void> {
    await this.going.get(runId)?.ended;
  }

  /** Ends what is going on and starts nothing more; what waits is left for the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.patience.end();
    await this.pumping;
    await this.parts.queue.interruptPass(STOPPED);
    const going = [...this.going.values()];
    for (const { abort } of going) abort.abort(STOPPED);
    await Promise.all(going.map(({ ended }) => ended));
  }

  /** Only one step at a time claims, else there could be more runs than room. */
  private pumpWith(work: Promise<unknown>): void {
    this.pumping = work.then(() => {
      this.pumping = null;
      // Somebody may have called between the last look and this line.
      if (this.again) this.wake();
    });
  }

  private async addAndStart(run: NewRun, room: number): Promise<number> {
    let unused = room;
    try {
      const active = await this.parts.selection.current();
      if (active === null || this.stopped) return await this.parts.queue.addRun(run);
      const { id, claimed } = await this.parts.queue.addAndClaim(run, room, recordOf(active));
      unused -= claimed.length;
      this.carryAll(claimed, active);
      return id;
    } finally {
      this.places.leave(unused);
    }
  }

  private async pump(): Promise<void> {
    while (this.again && !this.stopped) {
      this.round = this.claimOnce();
      await this.round;
    }
  }

  private async claimOnce(): Promise<void> {
    // Those who end at the same moment have left their places by then: one claim for all of them.
    await new Promise(setImmediate);
    this.again = false;
    const room = this.places.takeFree();
    if (room > 0) await this.start(room).catch((error: unknown) => this.parts.log.error({ err: error }, 'runs could not be claimed'));
  }

  private async start(room: number): Promise<void> {
    let unused = room;
    try {
      const active = await this.parts.selection.current();
      if (this.stopped || this.patience.waitsFor(active)) return;
      const claimed = await this.parts.queue.claim(room, recordOf(active));
      unused -= claimed.length;
      this.carryAll(claimed, active);
    } finally {
      this.places.leave(unused);
    }
  }

  /** Each has a place, and leaves it at its end. */
  private carryAll(runs: readonly ClaimedRun[], active: ActiveEngine | null): void {
    for (const run of runs) {
      const abort = new AbortController();
      const leave = once(() => {
        this.telling += 1;
        this.places.leave();
        this.wake();
      });
      const ended = this.carry(run, active, abort.signal, leave).finally(() => {
        leave();
        this.going.delete(run.id);
        this.telling -= 1;
      });
      this.going.set(run.id, { abort, ended });
      const reason = this.cancelledEarly.get(run.id);
      if (reason !== undefined) abort.abort(reason);
    }
    this.cancelledEarly.clear();
  }

  /** `leave` gives the run's place to the next. */
  private async carry(run: ClaimedRun, active: ActiveEngine | null, signal: AbortSignal, leave: () => void): Promise<void> {
    if (active === null) return this.endWithoutEngine(run);
    const { queue, selection } = this.parts;
    const log = this.parts.log.child({ run: run.id, script: run.scriptId, engine: active.engine.id });
    const makeReady = async (job: Job): Promise<void> => {
      const report = (progress: Progress | null): void => selection.showProgress(`run ${run.id}`, progress);
      await this.places.stepAside(() => active.engine.makeReady!(job, report));
    };
    try {
      const outcome = await carryOut({ run, active, signal, queue, isStopping: () => this.stopped, makeReady, log });
      if (outcome.status === 'engine_error') await selection.doubt();
      leave();
      log.info({ status: outcome.status, durationMs: outcome.durationMs }, 'run ended');
      // Whoever is next starts before others are told of this end: the database has one writer.
      await this.round;
      await this.parts.recordEnd({ run, engine: active.engine.id, outcome });
    } catch (error) {
      log.error({ err: error }, 'the end of a run could not be recorded');
    }
  }

  /** It was accepted while there was an engine, and none has come back: it says so instead of waiting for ever. */
  private async endWithoutEngine(run: ClaimedRun): Promise<void> {
    const none = { exitCode: null, durationMs: null, peakMemoryBytes: null, truncated: false };
    const outcome: Outcome = { ...none, status: 'engine_error', reason: this.parts.selection.describe().why };
    await this.parts.queue.finish(run.id, outcome, []);
    await this.parts.recordEnd({ run, engine: '', outcome });
  }
}

function recordOf(active: ActiveEngine | null): EngineRecord {
  if (active === null) return { engine: '', interpreter: '', isolation: '', imageDigest: null };
  const { interpreter, isolation, imageDigest } = active.capabilities;
  return { engine: active.engine.id, interpreter, isolation, imageDigest };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
