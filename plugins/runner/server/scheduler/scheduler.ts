/**
 * Has runs carried out: claims what waits as there is room, carries it out, and
 * keeps how it ended. Every run that is claimed is ended: by its engine, by a
 * cancellation, or by the stop of the runner.
 */
import type { Job, Progress } from '@ved/runner/contract';
import type { Logger } from 'pino';
import type { ActiveEngine, EngineSelection } from '../engine-selection.ts';
import { NO_FILES, notStored } from '../files/gathered-files.ts';
import type { HeldTails } from '../live/held-tails.ts';
import { type Carried, carryOut } from './carry-out.ts';
import { EnginePatience } from './engine-patience.ts';
import { retrying } from './retrying.ts';
import type { ClaimedRun, EngineRecord, NewPass, NewRun, Outcome, RunQueue } from './run-queue.ts';

/** After a claim that failed, for want of room on a disk or of its turn in the database. */
const CLAIM_AGAIN_MS = 1000;
/** After so many failures a run is ended without its files: on a disk that is nearly full, that may be what there is room for. */
const TRIES_WITH_FILES = 3;
interface Going {
  readonly abort: AbortController;
  /** Resolves when the run is over and that is durable, or the server stops. */
  over: Promise<void>;
  /** Whether it has one of the places; it lends it to others while it waits for its packages. */
  hasPlace: boolean;
}

/** A run that is over, with what it ran on. */
export interface EndedRun {
  readonly run: ClaimedRun;
  readonly engine: string;
  readonly outcome: Outcome;
}

export interface SchedulerParts {
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

export class Scheduler {
  private readonly going = new Map<number, Going>();
  /** Of `concurrency` places, those of runs that go on, and those that a claim under way may fill. */
  private taken = 0;
  /** Runs that had lent their place, and are ready to go on; they come before all that waits. */
  private readonly returning: (() => void)[] = [];
  /** Who started each run that waits for its packages. */
  private readonly packageWaits = new Map<number, string>();
  private readonly patience: EnginePatience;
  private claiming: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(private readonly parts: SchedulerParts) {
    this.patience = new EnginePatience({
      patienceMs: parts.enginePatienceMs,
      look: () => void parts.selection.doubt(),
      onGivenUp: () => this.wake(),
    });
    parts.queue.onChange(({ mayStartMore }) => mayStartMore && this.wake());
  }

  /** How many runs are going on, those included that wait for what they need. */
  get running(): number {
    return this.going.size;
  }

  /** Adds a run, which starts in the same step when there is room. Throws Unavailable when the person has too many waiting. */
  addRun(run: NewRun): Promise<number> {
    const added = this.parts.queue.addRun(run);
    this.wake();
    return added;
  }

  /** Throws Unavailable when the person has too many that are not over. */
  addPass(pass: NewPass): Promise<number> {
    const added = this.parts.queue.addPass(pass);
    this.wake();
    return added;
  }

  /** Ends a run, or asks for its end; nothing happens to one that is over. Says whether it is being carried out. */
  async cancelRun(runId: number, reason: string): Promise<boolean> {
    const isRunning = await this.parts.queue.cancelRun(runId, reason);
    if (isRunning) await this.abort([runId], reason);
    return isRunning;
  }

  /** Ends what waits of a pass, and asks for the end of what is being carried out. */
  async cancelPass(passId: number, reason: string): Promise<void> {
    await this.abort(await this.parts.queue.cancelPass(passId, reason), reason);
  }

  /** Has what waits claimed: for when there is an engine again, or room. */
  wake(): void {
    this.again = true;
    if (this.stopped || this.claiming) return;
    this.claiming = this.claimAll().finally(() => {
      this.claiming = null;
      if (this.again) this.wake();
    });
  }

  /** Resolves once a run is over, if it goes on here; at once if not. Says whether it did. */
  async over(runId: number): Promise<boolean> {
    const going = this.going.get(runId);
    await going?.over;
    return going !== undefined;
  }

  /** Ends what is going on, for a reason that is told to people, and claims nothing more; what waits is left for the next start. */
  async stop(reason: string): Promise<void> {
    this.stopped = true;
    this.patience.end();
    await this.claiming;
    // A pass that cannot be ended now is at the next start.
    await this.parts.queue
      .interruptPass(reason)
      .catch((error: unknown) => this.parts.log.warn({ err: error }, 'the pass that goes on could not be ended'));
    const going = [...this.going.values()];
    for (const { abort } of going) abort.abort(reason);
    await Promise.all(going.map(({ over }) => over));
  }

  /** Until nothing has changed that would let more start. What is claimed in the turn in which a run ends is so in the step that ends it. */
  private async claimAll(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      const { active } = this.parts.selection;
      const free = this.mayStart(active) ? Math.max(0, this.parts.concurrency - this.taken) : 0;
      if (free > 0) await this.claim(free, active);
    }
  }

  private async claim(count: number, active: ActiveEngine | null): Promise<void> {
    this.taken += count;
    let left = count;
    try {
      const packageWaits = countEach(this.packageWaits.values());
      for (const run of await this.parts.queue.claim(count, { engine: recordOf(active), packageWaits })) {
        left -= 1;
        this.go(run, active);
      }
    } catch (error) {
      this.parts.log.error({ err: error }, 'runs could not be started');
      setTimeout(() => this.wake(), CLAIM_AGAIN_MS).unref();
    }
    this.leavePlaces(left);
  }

  private mayStart(active: ActiveEngine | null): boolean {
    if (!this.parts.selection.looked || this.returning.length > 0) return false;
    return !this.patience.waitsFor(active);
  }

  /** It has a place. */
  private go(run: ClaimedRun, active: ActiveEngine | null): void {
    const going: Going = { abort: new AbortController(), over: Promise.resolve(), hasPlace: true };
    this.going.set(run.id, going);
    if (run.needsPackages) this.packageWaits.set(run.id, run.startedBy);
    going.over = this.carry(run, active, going)
      .catch((error: unknown) => this.parts.log.error({ err: error, run: run.id }, 'the end of a run could not be recorded'))
      .finally(() => {
        this.going.delete(run.id);
        this.leave(going);
      });
  }

  private async carry(run: ClaimedRun, active: ActiveEngine | null, going: Going): Promise<void> {
    const { queue, selection, tails } = this.parts;
    const engine = active?.engine.id ?? '';
    const log = this.parts.log.child({ run: run.id, script: run.scriptId, engine });
    const { signal } = going.abort;
    const makeReady = (job: Job): Promise<void> => this.whileAside(run, going, () => this.fetchPackages(active!, job));
    const carried = active
      ? await carryOut({ run, active, signal, queue, makeReady, tails, log })
      : withoutEngine(selection.describe().why);
    this.packageWaits.delete(run.id);
    const kept = this.keep(run, carried, log);
    // Nothing is started in the place of a run whose engine failed before it is known whether that engine is still there.
    if (carried.outcome.status === 'engine_error') await kept.then(() => selection.doubt());
    this.leave(going);
    await kept;
    log.info({ status: carried.outcome.status, durationMs: carried.outcome.durationMs }, 'run ended');
    this.parts.onEnd({ run, engine, outcome: carried.outcome });
  }

  /** Until it is kept the run stays "running"; a full disk or a locked database is waited for, the end of the server is not. */
  private keep(run: ClaimedRun, { outcome, lastChunks, files }: Carried, log: Logger): Promise<void> {
    const finish = (failed: number): Promise<void> =>
      this.parts.queue.finish(run.id, outcome, lastChunks, failed < TRIES_WITH_FILES ? files : notStored(files));
    const complaint = `run ${run.id} could not be ended in the database`;
    return retrying(finish, { log, complaint, isStopping: () => this.stopped });
  }

  private fetchPackages({ engine }: ActiveEngine, job: Job): Promise<void> {
    const report = (progress: Progress | null): void => this.parts.selection.showProgress(`run ${job.runId}`, progress);
    return engine.makeReady!(job, report);
  }

  /** Lends the run's place to others while it waits. One that is cancelled meanwhile needs none any more. */
  private async whileAside(run: ClaimedRun, going: Going, work: () => Promise<void>): Promise<void> {
    this.leave(going);
    try {
      await work();
    } finally {
      this.packageWaits.delete(run.id);
      if (!going.abort.signal.aborted) await this.comeBack(going);
      this.wake();
    }
  }

  private comeBack(going: Going): Promise<void> {
    const { signal } = going.abort;
    if (this.taken < this.parts.concurrency) {
      this.taken += 1;
      going.hasPlace = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.returning.splice(this.returning.indexOf(back), 1);
        resolve();
      };
      const back = (): void => {
        signal.removeEventListener('abort', giveUp);
        going.hasPlace = true;
        resolve();
      };
      this.returning.push(back);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Gives a run's place to who waits to be back, else to what waits in the queue. */
  private leave(going: Going): void {
    if (!going.hasPlace) return;
    going.hasPlace = false;
    this.leavePlaces(1);
    this.wake();
  }

  private leavePlaces(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const back = this.returning.shift();
      if (back) back();
      else this.taken -= 1;
    }
  }

  /** Some may have been claimed a moment ago. */
  private async abort(runIds: readonly number[], reason: string): Promise<void> {
    if (runIds.some((id) => !this.going.has(id))) await this.claiming;
    for (const id of runIds) this.going.get(id)?.abort.abort(reason);
  }
}

/** It was claimed while there was an engine, or after none has come back for long: it says so instead of waiting for ever. */
function withoutEngine(reason: string): Carried {
  const none = { exitCode: null, durationMs: null, peakMemoryBytes: null, truncated: false };
  return { outcome: { ...none, status: 'engine_error', reason }, lastChunks: [], files: NO_FILES };
}

function recordOf(active: ActiveEngine | null): EngineRecord {
  if (active === null) return { engine: '', interpreter: '', isolation: '', imageDigest: null };
  const { interpreter, isolation, imageDigest } = active.capabilities;
  return { engine: active.engine.id, interpreter, isolation, imageDigest };
}

function countEach(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
