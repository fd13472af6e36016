/** How long what waits is kept waiting while there is no engine, and that one is looked for meanwhile. */

/** A Docker engine that is started anew is back by then. */
const PATIENCE_MS = 120_000;
/** Between two looks for an engine while something waits for one. */
const LOOK_MS = 1000;

export interface EnginePatienceOptions {
  /** Milliseconds; two minutes when absent. */
  readonly patienceMs?: number | undefined;
  /** Looks whether there is an engine again. */
  look(): void;
  /** Called when it has lasted too long; `waitsFor` says so from then on. */
  onGivenUp(): void;
}

export class EnginePatience {
  #timers: NodeJS.Timeout[] = [];
  #away = false;
  #hopes = true;

  constructor(private readonly options: EnginePatienceOptions) {}

  /** Whether what waits should go on waiting, as the engine went away a short while ago. */
  waitsFor(engine: object | null): boolean {
    if (engine !== null) this.end();
    else if (!this.#away) this.#begin();
    return engine === null && this.#hopes;
  }

  /** Looks no more. */
  end(): void {
    this.#stopTimers();
    this.#away = false;
    this.#hopes = true;
  }

  #begin(): void {
    const { patienceMs = PATIENCE_MS, look } = this.options;
    this.#away = true;
    this.#timers = [setTimeout(() => this.#giveUp(), patienceMs).unref(), setInterval(look, LOOK_MS).unref()];
  }

  #giveUp(): void {
    this.#stopTimers();
    this.#hopes = false;
    this.options.onGivenUp();
  }

  #stopTimers(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }
}
