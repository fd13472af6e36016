/**
 * Owns the choice of the engine in use: probes engines, chooses one, fetches what it
 * needs, notices when one is added or removed. The server's start never waits for it;
 * the first run does.
 */
import { Unavailable } from '@ved/core/contract';
import type { Capabilities, Engine, Engines, Interpreter, Progress } from '@ved/runner/contract';
import pTimeout from 'p-timeout';
import type { Logger } from 'pino';
import { type Choice, choose, preference } from './engine-choice.ts';
import type { EngineList } from './engine-list.ts';
import { interpretersOf } from './interpreters/choose-interpreter.ts';

/** Short enough to notice that Docker is back, long enough to cost nothing. */
const PROBE_INTERVAL_MS = 15_000;
/** The shortest time between a probe and a recheck. */
const RECHECK_INTERVAL_MS = 250;
/** An engine that does not answer a probe in this time is not available. Longer than the engines' own timeouts, whose messages are better. */
const PROBE_LIMIT = { milliseconds: 20_000, message: 'It did not respond within 20 s' };
/** Between attempts to fetch what an engine needs; doubled after each failure while it can run something. */
const PREPARE_INTERVAL_MS = 60_000;
const MOST_DOUBLINGS = 4;

export interface ActiveEngine {
  readonly engine: Engine;
  readonly capabilities: Capabilities;
}

export class EngineSelection {
  private capabilities = new Map<string, Capabilities>();
  private choice: Choice = { active: null, why: 'The engines have not been checked yet.' };
  private readonly reaped = new Set<string>();
  private progress: Progress | null = null;
  /** The progress that runs wait for, by waiter. */
  private readonly waits = new Map<string, Progress>();
  private probing: Promise<void> | null = null;
  private probedAt = Number.NEGATIVE_INFINITY;
  private preparedAt = Number.NEGATIVE_INFINITY;
  private prepareFailures = 0;
  private timer: NodeJS.Timeout | null = null;
  private readonly stopping = new AbortController();
  private firstProbeDone: () => void = () => undefined;
  private readonly firstProbe = new Promise<void>((resolve) => {
    this.firstProbeDone = resolve;
  });

  constructor(
    private readonly requested: string,
    private readonly engines: EngineList,
    private readonly log: Logger,
    /** Called when the result of `describe` changed. */
    private readonly onChange: () => void,
    /** A sentence on the limits of runs on any engine; null for none. */
    private readonly limits: string | null = null,
  ) {}

  /** Probes the engines that may be used, now and periodically. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.refresh(this.relevant()), PROBE_INTERVAL_MS);
    this.timer.unref();
    await this.refresh(this.relevant());
    this.firstProbeDone();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.stopping.abort();
    this.firstProbeDone();
    await this.probing;
  }

  /** The engine in use as of the last probe; null if there is none. */
  get active(): ActiveEngine | null {
    const { active } = this.choice;
    const engine = active === null ? undefined : this.engines.get(active);
    const capabilities = active === null ? undefined : this.capabilities.get(active);
    return engine === undefined || capabilities === undefined ? null : { engine, capabilities };
  }

  /** The same, after the first probe. */
  async current(): Promise<ActiveEngine | null> {
    await this.firstProbe;
    return this.active;
  }

  /** Throws Unavailable if there is no engine. */
  async require(): Promise<ActiveEngine> {
    const found = await this.current();
    if (found !== null) return found;
    // It may have been fixed since.
    await this.recheck();
    const repaired = this.active;
    if (repaired !== null) return repaired;
    const waits = this.progress === null ? '' : ` In progress: ${this.progress.text}.`;
    throw new Unavailable('runner/no-engine', `${this.choice.why}${waits}`, { headers: { 'Retry-After': '15' } });
  }

  /** Probes again, unless it just did. Call it when a run failed because of its engine, or an engine is missing. */
  async recheck(): Promise<void> {
    if (performance.now() - this.probedAt >= RECHECK_INTERVAL_MS) await this.refresh(this.relevant());
    else await this.probing;
  }

  /** Engines were added or removed: forgets those that were removed, and probes again. */
  async enginesChanged(): Promise<void> {
    for (const id of this.capabilities.keys()) {
      if (this.engines.get(id)) continue;
      this.capabilities.delete(id);
      this.reaped.delete(id);
    }
    if (!this.hasProbed) return;
    // A probe in progress may have started before the change.
    await this.probing;
    await this.refresh(this.relevant());
  }

  /** Shows progress that someone waits for, until it is null for the same waiter. */
  showProgress(waiter: string, progress: Progress | null): void {
    if (progress === null) this.waits.delete(waiter);
    else this.waits.set(waiter, progress);
    this.onChange();
  }

  /** Same as `describe`, but also probes engines that were not probed yet, and calls `onChange` when they have answered. */
  survey(): Engines {
    const unknown = this.engines.all.map((engine) => engine.id).filter((id) => !this.capabilities.has(id));
    if (unknown.length > 0) void this.refresh(unknown).then(this.onChange);
    return this.describe();
  }

  /** Whether the first probe is done; until then, no engine counts as missing. */
  get hasProbed(): boolean {
    return this.probedAt > Number.NEGATIVE_INFINITY;
  }

  describe(): Engines {
    return {
      requested: this.requested,
      active: this.choice.active,
      why: this.choice.why,
      engines: this.engines.all.map((engine) => this.describeEngine(engine.id)),
      progress: this.progress ?? [...this.waits.values()][0] ?? null,
    };
  }

  /** Names of the ready interpreters of all available engines, those of the one in use first. */
  async interpreters(): Promise<readonly string[]> {
    await this.firstProbe;
    const ids = [this.choice.active, ...this.engines.all.map((engine) => engine.id)];
    const known = ids.flatMap((id) => (id === null ? [] : this.interpretersOf(id)));
    return [...new Set(known.filter(({ state }) => state === 'ready').map(({ name }) => name))];
  }

  /** The engine in use and those preferred to it; the others do not affect the choice. */
  private relevant(): readonly string[] {
    const wanted = preference(this.requested);
    return this.choice.active === null ? wanted : wanted.slice(0, wanted.indexOf(this.choice.active) + 1);
  }

  private interpretersOf(id: string): readonly Interpreter[] {
    const known = this.capabilities.get(id);
    return known?.available ? interpretersOf(known) : [];
  }

  private describeEngine(id: string): Engines['engines'][number] {
    const known = this.capabilities.get(id);
    return {
      id,
      active: id === this.choice.active,
      available: known?.available ?? false,
      reason: known === undefined ? 'It has not been checked yet.' : known.reason,
      interpreter: known?.interpreter ?? '',
      isolation: known?.isolation ?? '',
      limitations: known?.available ? [...(this.limits === null ? [] : [this.limits]), ...known.limitations] : [],
      interpreters: this.interpretersOf(id).map(({ name, version, state, reason, image }) => ({ name, version, state, reason, image })),
    };
  }

  /** Probes engines; concurrent calls share one probe. */
  private refresh(ids: readonly string[]): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.resolve();
    this.probing ??= this.probeAll(ids).finally(() => {
      this.probing = null;
    });
    return this.probing;
  }

  private async probeAll(ids: readonly string[]): Promise<void> {
    const found = ids.map((id) => this.engines.get(id)).filter((engine) => engine !== undefined);
    await Promise.all(found.map(async (engine) => this.capabilities.set(engine.id, await this.probe(engine))));
    this.probedAt = performance.now();
    if (this.stopping.signal.aborted) return;
    this.decide();
    this.prepareMissing();
  }

  private async probe(engine: Engine): Promise<Capabilities> {
    try {
      const capabilities = await pTimeout(engine.probe(), PROBE_LIMIT);
      if (capabilities.available) await this.reapOnce(engine);
      return capabilities;
    } catch (error) {
      const reason = `${error instanceof Error ? error.message : String(error)}.`;
      const last = this.capabilities.get(engine.id);
      return { interpreter: '', isolation: '', limitations: [], imageDigest: null, ...last, available: false, preparable: false, reason };
    }
  }

  /** Removes what a previous server process left behind before anything runs there. */
  private async reapOnce(engine: Engine): Promise<void> {
    if (this.reaped.has(engine.id)) return;
    await engine.reap();
    this.reaped.add(engine.id);
  }

  private decide(): void {
    const choice = choose(this.requested, this.capabilities);
    const changed = choice.active !== this.choice.active || choice.why !== this.choice.why;
    this.choice = choice;
    if (!changed) return;
    if (choice.active === null) this.log.warn({ requested: this.requested, why: choice.why }, 'no engine available');
    else {
      this.log.info({ requested: this.requested, engine: choice.active, why: choice.why }, 'engine chosen');
      this.engines.get(choice.active)?.warmUp?.();
    }
    this.onChange();
  }

  /** Fetches what the preferred engine needs, in the background. */
  private prepareMissing(): void {
    const id = preference(this.requested)[0]!;
    const engine = this.engines.get(id);
    const known = this.capabilities.get(id);
    const doublings = known?.available ? Math.min(this.prepareFailures, MOST_DOUBLINGS) : 0;
    const due = performance.now() - this.preparedAt >= PREPARE_INTERVAL_MS * 2 ** doublings;
    if (engine?.prepare === undefined || !known?.preparable || this.progress !== null || !due) return;
    this.report({ text: `Fetching what ${id} needs`, fraction: null });
    engine
      .prepare((progress) => this.report(progress), this.stopping.signal)
      .then(() => {
        this.prepareFailures = 0;
      })
      .catch((error: unknown) => {
        this.prepareFailures += 1;
        this.log.warn({ err: error, engine: id }, 'an engine could not fetch what it needs');
      })
      .finally(() => {
        this.preparedAt = performance.now();
        this.report(null);
        if (!this.stopping.signal.aborted) void this.refresh([id]);
      });
  }

  private report(progress: Progress | null): void {
    this.progress = progress;
    this.onChange();
  }
}
