/**
 * Claims queued runs as slots become free, executes them and stores their outcomes.
 * Every claimed run reaches an end: by its engine, by a cancellation, or by the stop of
 * the server.
 */
import type { Job, Progress } from '@ved/runner/contract';
import type { Logger } from 'pino';
import type { ActiveEngine, EngineSelection } from '../engine-selection.ts';
import { NO_FILES, notStored } from '../files/gathered-files.ts';
import type { HeldTails } from '../live/held-tails.ts';
import { EnginePatience } from './engine-patience.ts';
import { executeRun, type FinishedRun } from './execute-run.ts';
import { retrying } from './retrying.ts';
import type { ClaimedRun, EngineRecord, NewPass, NewRun, Outcome, RunQueue } from './run-queue.ts';

/** After a claim failed, because of a full disk or a locked database. */
const CLAIM_RETRY_MS = 1000;
/** After this many failures a run is ended without its files, which may still fit on a nearly full disk. */
const TRIES_WITH_FILES = 3;
/** The reason of runs and passes that end because the server stops. */
const STOPPED = 'The server stopped.';

interface ActiveRun {
  readonly abort: AbortController;
  /** Resolves when the run has ended and its outcome is durable, or when the server stops. */
  ended: Promise<void>;
  /** Whether it has a slot; it releases it while it waits for packages. */
  hasSlot: boolean;
}

/** A run that has ended, with its engine. */
export interface EndedRun {
  readonly run: ClaimedRun;
  readonly engine: string;
  readonly outcome: Outcome;
}

export interface SchedulerParts {
  readonly queue: RunQueue;
  readonly selection: EngineSelection;
  /** The number of slots: runs in parallel. */
  readonly concurrency: number;
  readonly log: Logger;
  /** How long queued runs wait when there is no engine. */
  readonly enginePatienceMs?: number;
  /** Receives output that is held until a run ends. */
  readonly tails: HeldTails;
  /** Called for every run once its outcome is durable. */
  readonly onEnd: (ended: EndedRun) => void;
}

export class Scheduler {
  private readonly activeRuns = new Map<number, ActiveRun>();
  /** Slots in use, including those that a claim in progress may fill. */
  private usedSlots = 0;
  /** Runs that released their slot and need one again; they come before all queued runs. */
  private readonly waitingForSlot: (() => void)[] = [];
  /** By run that waits for packages: who started it. */
  private readonly packageWaits = new Map<number, string>();
  private readonly patience: EnginePatience;
  private claiming: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(private readonly parts: SchedulerParts) {
    this.patience = new EnginePatience({
      patienceMs: parts.enginePatienceMs,
      recheck: () => void parts.selection.recheck(),
      onGivenUp: () => this.wake(),
    });
    parts.queue.onChange(({ mayStartMore }) => mayStartMore && this.wake());
  }

  /** The number of running runs, including those that wait for packages. */
  get running(): number {
    return this.activeRuns.size;
  }

  /** Adds a run, which starts in the same step if a slot is free. Throws Unavailable if the person has too many queued runs. */
  addRun(run: NewRun): Promise<number> {
    const added = this.parts.queue.addRun(run);
    this.wake();
    return added;
  }

  /** Throws Unavailable if the person has too many unfinished passes. */
  addPass(pass: NewPass): Promise<number> {
    const added = this.parts.queue.addPass(pass);
    this.wake();
    return added;
  }

  /** Ends a queued run or aborts a running one; does nothing if it has ended. Returns whether it is running. */
  async cancelRun(runId: number, reason: string): Promise<boolean> {
    const isRunning = await this.parts.queue.cancelRun(runId, reason);
    if (isRunning) await this.abort([runId], reason);
    return isRunning;
  }

  /** Ends the queued runs of a pass and aborts the running ones. */
  async cancelPass(passId: number, reason: string): Promise<void> {
    await this.abort(await this.parts.queue.cancelPass(passId, reason), reason);
  }

  /** Claims queued runs. Call it when there is an engine again, or a free slot. */
  wake(): void {
    this.again = true;
    if (this.stopped || this.claiming) return;
    this.claiming = this.claimAll().finally(() => {
      this.claiming = null;
      if (this.again) this.wake();
    });
  }

  /** Resolves once a run has ended, if it is running here, else immediately. Returns whether it was. */
  async whenEnded(runId: number): Promise<boolean> {
    const run = this.activeRuns.get(runId);
    await run?.ended;
    return run !== undefined;
  }

  /** Ends running runs and claims no more; queued ones are left for the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.patience.end();
    await this.claiming;
    // A pass that cannot be ended now is ended at the next start.
    await this.parts.queue
      .interruptPass(STOPPED)
      .catch((error: unknown) => this.parts.log.warn({ err: error }, 'the current pass could not be ended'));
    const active = [...this.activeRuns.values()];
    for (const { abort } of active) abort.abort(STOPPED);
    await Promise.all(active.map(({ ended }) => ended));
  }

  /** Repeats until nothing more can start. A claim in the same turn as the end of a run shares its step. */
  private async claimAll(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      const { active } = this.parts.selection;
      const free = this.mayStart(active) ? Math.max(0, this.parts.concurrency - this.usedSlots) : 0;
      if (free > 0) await this.claim(free, active);
    }
  }

  private async claim(count: number, active: ActiveEngine | null): Promise<void> {
    this.usedSlots += count;
    let left = count;
    try {
      const packageWaits = countEach(this.packageWaits.values());
      for (const run of await this.parts.queue.claim(count, { engine: recordOf(active), packageWaits })) {
        left -= 1;
        this.start(run, active);
      }
    } catch (error) {
      this.parts.log.error({ err: error }, 'runs could not be started');
      setTimeout(() => this.wake(), CLAIM_RETRY_MS).unref();
    }
    this.freeSlots(left);
  }

  private mayStart(active: ActiveEngine | null): boolean {
    if (!this.parts.selection.hasProbed || this.waitingForSlot.length > 0) return false;
    return !this.patience.shouldWait(active);
  }

  /** Starts a run that has a slot. */
  private start(run: ClaimedRun, active: ActiveEngine | null): void {
    const activeRun: ActiveRun = { abort: new AbortController(), ended: Promise.resolve(), hasSlot: true };
    this.activeRuns.set(run.id, activeRun);
    if (run.needsPackages) this.packageWaits.set(run.id, run.startedBy);
    activeRun.ended = this.execute(run, active, activeRun)
      .catch((error: unknown) => this.parts.log.error({ err: error, run: run.id }, 'the end of a run could not be stored'))
      .finally(() => {
        this.activeRuns.delete(run.id);
        this.freeSlot(activeRun);
      });
  }

  private async execute(run: ClaimedRun, active: ActiveEngine | null, activeRun: ActiveRun): Promise<void> {
    const { queue, selection, tails } = this.parts;
    const engine = active?.engine.id ?? '';
    const log = this.parts.log.child({ run: run.id, script: run.scriptId, engine });
    const { signal } = activeRun.abort;
    const makeReady = (job: Job): Promise<void> => this.releaseSlotDuring(run, activeRun, () => this.fetchPackages(active!, job));
    const finished = active
      ? await executeRun({ run, active, signal, queue, makeReady, tails, log })
      : withoutEngine(selection.describe().why);
    this.packageWaits.delete(run.id);
    const stored = this.store(run, finished, log);
    // After an engine error, the slot is freed only once it is known whether the engine is still available.
    if (finished.outcome.status === 'engine_error') await stored.then(() => selection.recheck());
    this.freeSlot(activeRun);
    await stored;
    log.info({ status: finished.outcome.status, durationMs: finished.outcome.durationMs }, 'run ended');
    this.parts.onEnd({ run, engine, outcome: finished.outcome });
  }

  /** The run stays `running` until its outcome is stored. Retries on a full disk or a locked database, until the server stops. */
  private store(run: ClaimedRun, { outcome, lastChunks, files }: FinishedRun, log: Logger): Promise<void> {
    const finish = (failed: number): Promise<void> =>
      this.parts.queue.finish(run.id, outcome, lastChunks, failed < TRIES_WITH_FILES ? files : notStored(files));
    const message = `the end of run ${run.id} could not be stored`;
    return retrying(finish, { log, message, isStopping: () => this.stopped });
  }

  private fetchPackages({ engine }: ActiveEngine, job: Job): Promise<void> {
    const report = (progress: Progress | null): void => this.parts.selection.showProgress(`run ${job.runId}`, progress);
    return engine.makeReady!(job, report);
  }

  /** Releases the run's slot while `work` is in progress. A run that is cancelled then does not get one again. */
  private async releaseSlotDuring(run: ClaimedRun, activeRun: ActiveRun, work: () => Promise<void>): Promise<void> {
    this.freeSlot(activeRun);
    try {
      await work();
    } finally {
      this.packageWaits.delete(run.id);
      if (!activeRun.abort.signal.aborted) await this.reclaimSlot(activeRun);
      this.wake();
    }
  }

  private reclaimSlot(activeRun: ActiveRun): Promise<void> {
    const { signal } = activeRun.abort;
    if (this.usedSlots < this.parts.concurrency) {
      this.usedSlots += 1;
      activeRun.hasSlot = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.waitingForSlot.splice(this.waitingForSlot.indexOf(resume), 1);
        resolve();
      };
      const resume = (): void => {
        signal.removeEventListener('abort', giveUp);
        activeRun.hasSlot = true;
        resolve();
      };
      this.waitingForSlot.push(resume);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Gives a run's slot to one that waits for a slot, else to the queue. */
  private freeSlot(activeRun: ActiveRun): void {
    if (!activeRun.hasSlot) return;
    activeRun.hasSlot = false;
    this.freeSlots(1);
    this.wake();
  }

  private freeSlots(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const resume = this.waitingForSlot.shift();
      if (resume) resume();
      else this.usedSlots -= 1;
    }
  }

  /** Waits for a claim in progress, which may include some of them. */
  private async abort(runIds: readonly number[], reason: string): Promise<void> {
    if (runIds.some((id) => !this.activeRuns.has(id))) await this.claiming;
    for (const id of runIds) this.activeRuns.get(id)?.abort.abort(reason);
  }
}

/** For a run claimed when the engine had just disappeared, or had been missing for too long. */
function withoutEngine(reason: string): FinishedRun {
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
