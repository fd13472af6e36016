/**
 * Has runs carried out: offers the queue what room there is, and takes what
 * starts in it. Every run that was started is ended: by its engine, by a
 * cancellation, or by the stop of the server.
 */
import type { Job, Progress } from '@ved/runner/contract';
import type { Logger } from 'pino';
import { carryOut } from './carry-out.ts';
import { EnginePatience } from './engine-patience.ts';
import type { ActiveEngine, EngineSelection } from './engine-selection.ts';
import { GroupEnds } from './group-ends.ts';
import type { HeldTails } from './live/held-tails.ts';
import { PackageWaits } from './package-waits.ts';
import { Places } from './places.ts';
import type { ClaimedRun, EngineRecord, Offer, Outcome, RunQueue, Starter } from './queue/run-queue.ts';
import { retrying } from './retrying.ts';

/** After a step that could start nothing for want of room on a disk, or of its turn in the database. */
const START_AGAIN_MS = 1000;
/** Said of runs and passes that the stop of the server ends. */
const STOPPED = 'The server stopped.';

interface Going {
  readonly abort: AbortController;
  /** Resolves when the run is over and that is durable, or the server stops. */
  over: Promise<void>;
  /** Whether its place goes to the next in the step that ends it; else it keeps it for a while. */
  passesOn: boolean;
  hasPlace: boolean;
  readonly passId: number | null;
  /** Whether its outcome is still to come. */
  isRunning: boolean;
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
  /** Told of output that is held until a run ends. */
  readonly tails: HeldTails;
  /** Called for every run once its end is durable. */
  readonly onEnd: (ended: EndedRun) => void;
}

export class Dispatcher implements Starter {
  private readonly going = new Map<number, Going>();
  private readonly places: Places;
  private readonly packageWaits = new PackageWaits(() => this.wake());
  private readonly patience: EnginePatience;
  private readonly groupEnds = new GroupEnds();
  /** Offers whose step is under way. */
  private openOffers = 0;
  /** Reasons to end runs that may be about to go on: marked running by such a step, and not handed over yet. */
  private readonly cancelledEarly = new Map<number, string>();
  private waking: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(private readonly parts: DispatcherParts) {
    this.places = new Places(parts.concurrency, () => this.wake());
    this.patience = new EnginePatience({
      patienceMs: parts.enginePatienceMs,
      look: () => void parts.selection.doubt(),
      onGivenUp: () => this.wake(),
    });
    parts.queue.startWith(this);
  }

  /** How many runs are going on, those included that wait for what they need. */
  get running(): number {
    return this.going.size;
  }

  offer(ended: readonly number[]): Offer {
    const active = this.parts.selection.active;
    const leaving = ended.map((id) => this.going.get(id)).filter((going) => going?.passesOn === true);
    const mayStart = this.mayStart(active);
    const free = mayStart ? this.places.takeFree() : 0;
    this.openOffers += 1;
    const counted: number[] = [];
    return {
      room: mayStart ? free + leaving.length : 0,
      engine: recordOf(active),
      awaitPackages: (runId, person) => {
        const refusal = this.packageWaits.begin(runId, person);
        if (refusal === null) counted.push(runId);
        return refusal;
      },
      accept: (started) => {
        for (const id of ended) this.going.delete(id);
        for (const going of leaving) going!.hasPlace = false;
        this.places.leave(free + leaving.length - started.length);
        for (const run of started) this.go(run, active);
        this.closeOffer();
        // An engine may have come meanwhile, somebody be back in a place, or another step have been told of no room.
        if (this.places.hasFree && !this.parts.queue.nothingWaits && this.mayStart(this.parts.selection.active)) this.wake();
      },
      withdraw: () => {
        this.places.leave(free);
        this.packageWaits.withdraw(counted);
        this.closeOffer();
      },
    };
  }

  /** Has what waits started: for when there is an engine again, or room that no run left. */
  wake(): void {
    this.again = true;
    if (!this.stopped) this.waking ??= this.startWaiting();
  }

  /** Asks a run that is being carried out to end. */
  cancel(runId: number, reason: string): void {
    const going = this.going.get(runId);
    if (going !== undefined) going.abort.abort(reason);
    else if (this.openOffers > 0) this.cancelledEarly.set(runId, reason);
  }

  /** Resolves once a run is over, if it goes on here; at once if not. Says whether it did. */
  async over(runId: number): Promise<boolean> {
    const going = this.going.get(runId);
    await going?.over;
    return going !== undefined;
  }

  /** Ends what is going on and starts nothing more; what waits is left for the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.patience.end();
    await this.waking;
    // Steps follow one another: what an earlier one started is going by the time this one is over. A pass that cannot be
    // ended now is at the next start.
    await this.parts.queue
      .interruptPass(STOPPED)
      .catch((error: unknown) => this.parts.log.warn({ err: error }, 'the pass that goes on could not be ended'));
    const going = [...this.going.values()];
    for (const { abort } of going) abort.abort(STOPPED);
    await Promise.all(going.map(({ over }) => over));
  }

  private mayStart(active: ActiveEngine | null): boolean {
    if (this.stopped || !this.parts.selection.looked || this.places.isFull) return false;
    return !this.patience.waitsFor(active);
  }

  private closeOffer(): void {
    this.openOffers -= 1;
    if (this.openOffers === 0) this.cancelledEarly.clear();
  }

  private async startWaiting(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      await this.parts.queue.startWaiting().catch((error: unknown) => {
        this.parts.log.error({ err: error }, 'runs could not be started');
        setTimeout(() => this.wake(), START_AGAIN_MS).unref();
      });
    }
    this.waking = null;
  }

  /** It has a place, which the step that ends it passes on, if it can. */
  private go(run: ClaimedRun, active: ActiveEngine | null): void {
    const going: Going = {
      abort: new AbortController(),
      over: Promise.resolve(),
      passesOn: true,
      hasPlace: true,
      passId: run.passId,
      isRunning: true,
    };
    this.going.set(run.id, going);
    going.over = this.carry(run, active, going)
      .catch((error: unknown) => this.parts.log.error({ err: error, run: run.id }, 'the end of a run could not be recorded'))
      .finally(() => {
        this.going.delete(run.id);
        this.packageWaits.end(run.id);
        if (going.hasPlace) void this.leaveAfterDoubt();
      });
    const reason = this.cancelledEarly.get(run.id);
    if (reason !== undefined) going.abort.abort(reason);
  }

  private async carry(run: ClaimedRun, active: ActiveEngine | null, going: Going): Promise<void> {
    if (active === null) return this.endWithoutEngine(run);
    const { queue, selection, tails } = this.parts;
    const log = this.parts.log.child({ run: run.id, script: run.scriptId, engine: active.engine.id });
    const makeReady = async (job: Job): Promise<void> => {
      const report = (progress: Progress | null): void => selection.showProgress(`run ${run.id}`, progress);
      await this.places.stepAside(() => active.engine.makeReady!(job, report)).finally(() => this.packageWaits.end(run.id));
    };
    const onOutcome = async ({ status }: Outcome): Promise<void> => {
      going.passesOn = status !== 'engine_error';
      going.isRunning = false;
      // Others wait for its place, or for the others of its group.
      if (run.passId !== null && queue.nothingWaits) await this.groupEnds.join(run.passId, !this.isRunning(run.passId));
    };
    const signal = going.abort.signal;
    const outcome = await carryOut({ run, active, signal, queue, isStopping: () => this.stopped, makeReady, onOutcome, tails, log });
    log.info({ status: outcome.status, durationMs: outcome.durationMs }, 'run ended');
    this.parts.onEnd({ run, engine: active.engine.id, outcome });
  }

  private isRunning(passId: number): boolean {
    return [...this.going.values()].some((going) => going.passId === passId && going.isRunning);
  }

  /** Nothing is started in the place of a run whose engine failed before it is known whether that engine is still there. */
  private async leaveAfterDoubt(): Promise<void> {
    await this.parts.selection.doubt();
    this.places.leave();
    this.wake();
  }

  /** It was accepted while there was an engine, and none has come back: it says so instead of waiting for ever. */
  private async endWithoutEngine(run: ClaimedRun): Promise<void> {
    const none = { exitCode: null, durationMs: null, peakMemoryBytes: null, truncated: false };
    const outcome: Outcome = { ...none, status: 'engine_error', reason: this.parts.selection.describe().why };
    const complaint = `run ${run.id} could not be ended in the database`;
    const finish = (): Promise<void> => this.parts.queue.finish(run.id, outcome, []);
    await retrying(finish, { log: this.parts.log, complaint, isStopping: () => this.stopped });
    this.parts.onEnd({ run, engine: '', outcome });
  }
}

function recordOf(active: ActiveEngine | null): EngineRecord {
  if (active === null) return { engine: '', interpreter: '', isolation: '', imageDigest: null };
  const { interpreter, isolation, imageDigest } = active.capabilities;
  return { engine: active.engine.id, interpreter, isolation, imageDigest };
}
