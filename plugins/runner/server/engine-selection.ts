/**
 * Owns the knowledge of which engine is in use: probes, chooses, fetches what
 * an engine misses, notices when one comes or goes. The start of the server
 * never waits for it; the first run does.
 */
import { Unavailable } from '@ved/core/contract';
import type { Capabilities, Engine, Engines, Interpreter, Progress } from '@ved/runner/contract';
import pTimeout from 'p-timeout';
import type { Logger } from 'pino';
import { type Choice, choose, preference } from './engine-choice.ts';
import type { EngineList } from './engine-list.ts';
import { interpretersOf } from './interpreters/choose-interpreter.ts';

/** Between two looks at the engines: soon enough that a Docker that came back is found, seldom enough to cost nothing. */
const PROBE_INTERVAL_MS = 15_000;
/** The soonest that doubt about an engine leads to another look. */
const DOUBT_INTERVAL_MS = 250;
/** An engine that does not answer a probe in this time is not available. Longer than the patience of an engine itself, which can say why. */
const PROBE_LIMIT = { milliseconds: 20_000, message: 'it did not answer within 20 s' };
/** Between two tries to fetch what an engine misses; twice as long after each failure while it can run something. */
const PREPARE_INTERVAL_MS = 60_000;
const MOST_DOUBLINGS = 4;

export interface ActiveEngine {
  readonly engine: Engine;
  readonly capabilities: Capabilities;
}

export class EngineSelection {
  private capabilities = new Map<string, Capabilities>();
  private choice: Choice = { active: null, why: 'The engines were not asked yet.' };
  private readonly reaped = new Set<string>();
  private progress: Progress | null = null;
  /** Of what runs wait for, by who waits. */
  private readonly waits = new Map<string, Progress>();
  private probing: Promise<void> | null = null;
  private probedAt = Number.NEGATIVE_INFINITY;
  private preparedAt = Number.NEGATIVE_INFINITY;
  private prepareFailures = 0;
  private timer: NodeJS.Timeout | null = null;
  private readonly stopping = new AbortController();
  private firstLookDone: () => void = () => undefined;
  private readonly firstLook = new Promise<void>((resolve) => {
    this.firstLookDone = resolve;
  });

  constructor(
    private readonly requested: string,
    private readonly engines: EngineList,
    private readonly log: Logger,
    /** Called when what `describe` says changed. */
    private readonly onChange: () => void,
    /** A sentence on what every run is held to, whatever it runs on; null says nothing of that. */
    private readonly limits: string | null = null,
  ) {}

  /** Looks at the engines that may be used, and again from time to time. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.look(this.relevant()), PROBE_INTERVAL_MS);
    this.timer.unref();
    await this.look(this.relevant());
    this.firstLookDone();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.stopping.abort();
    this.firstLookDone();
    await this.probing;
  }

  /** The engine in use, as far as is known; null when there is none. */
  get active(): ActiveEngine | null {
    const { active } = this.choice;
    const engine = active === null ? undefined : this.engines.get(active);
    const capabilities = active === null ? undefined : this.capabilities.get(active);
    return engine === undefined || capabilities === undefined ? null : { engine, capabilities };
  }

  /** The same, after the first look. */
  async current(): Promise<ActiveEngine | null> {
    await this.firstLook;
    return this.active;
  }

  /** Throws Unavailable when there is no engine to run on. */
  async require(): Promise<ActiveEngine> {
    const found = await this.current();
    if (found !== null) return found;
    // Whoever asks may just have repaired it.
    await this.doubt();
    const repaired = this.active;
    if (repaired !== null) return repaired;
    const waits = this.progress === null ? '' : ` Under way: ${this.progress.text}.`;
    throw new Unavailable('runner/no-engine', `${this.choice.why}${waits}`, { headers: { 'Retry-After': '15' } });
  }

  /** A run failed by its engine's fault, or somebody asks for an engine that is not there: looks again, unless it just did. */
  async doubt(): Promise<void> {
    if (performance.now() - this.probedAt >= DOUBT_INTERVAL_MS) await this.look(this.relevant());
    else await this.probing;
  }

  /** Engines came or went: forgets those that are gone, and looks again. */
  async enginesChanged(): Promise<void> {
    for (const id of this.capabilities.keys()) {
      if (this.engines.get(id)) continue;
      this.capabilities.delete(id);
      this.reaped.delete(id);
    }
    if (!this.looked) return;
    // A look under way may have begun before.
    await this.probing;
    await this.look(this.relevant());
  }

  /** Shows what somebody waits for, until null is said for the same. */
  showProgress(waiter: string, progress: Progress | null): void {
    if (progress === null) this.waits.delete(waiter);
    else this.waits.set(waiter, progress);
    this.onChange();
  }

  /** What `describe` says; engines that nobody asked yet are asked, and `onChange` tells of their answers. */
  survey(): Engines {
    const unknown = this.engines.all.map((engine) => engine.id).filter((id) => !this.capabilities.has(id));
    if (unknown.length > 0) void this.look(unknown).then(this.onChange);
    return this.describe();
  }

  /** Whether the first look is over; until then nothing is known to be missing. */
  get looked(): boolean {
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

  /** Interpreters that can run something, of the engines that are available; those of the one in use first. */
  async interpreters(): Promise<readonly string[]> {
    await this.firstLook;
    const ids = [this.choice.active, ...this.engines.all.map((engine) => engine.id)];
    const known = ids.flatMap((id) => (id === null ? [] : this.interpretersOf(id)));
    return [...new Set(known.filter(({ state }) => state === 'ready').map(({ name }) => name))];
  }

  /** The engine in use and those preferred to it; the others change nothing. */
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
      reason: known === undefined ? 'It is being asked.' : known.reason,
      interpreter: known?.interpreter ?? '',
      isolation: known?.isolation ?? '',
      limitations: known?.available ? [...(this.limits === null ? [] : [this.limits]), ...known.limitations] : [],
      interpreters: this.interpretersOf(id).map(({ name, version, state, reason, image }) => ({ name, version, state, reason, image })),
    };
  }

  /** Probes engines, one look at a time. */
  private look(ids: readonly string[]): Promise<void> {
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

  /** What an earlier life of the server left behind goes before this one runs anything there. */
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
    if (choice.active === null) this.log.warn({ requested: this.requested, why: choice.why }, 'no engine to run scripts on');
    else {
      this.log.info({ requested: this.requested, engine: choice.active, why: choice.why }, 'engine chosen');
      this.engines.get(choice.active)?.warmUp?.();
    }
    this.onChange();
  }

  /** Fetches what the preferred engine misses, in the background. */
  private prepareMissing(): void {
    const id = preference(this.requested)[0]!;
    const engine = this.engines.get(id);
    const known = this.capabilities.get(id);
    const doublings = known?.available ? Math.min(this.prepareFailures, MOST_DOUBLINGS) : 0;
    const due = performance.now() - this.preparedAt >= PREPARE_INTERVAL_MS * 2 ** doublings;
    if (engine?.prepare === undefined || !known?.preparable || this.progress !== null || !due) return;
    this.report({ text: `Fetching what ${id} misses`, fraction: null });
    engine
      .prepare((progress) => this.report(progress), this.stopping.signal)
      .then(() => {
        this.prepareFailures = 0;
      })
      .catch((error: unknown) => {
        this.prepareFailures += 1;
        this.log.warn({ err: error, engine: id }, 'an engine could not fetch what it misses');
      })
      .finally(() => {
        this.preparedAt = performance.now();
        this.report(null);
        if (!this.stopping.signal.aborted) void this.look([id]);
      });
  }

  private report(progress: Progress | null): void {
    this.progress = progress;
    this.onChange();
  }
}
