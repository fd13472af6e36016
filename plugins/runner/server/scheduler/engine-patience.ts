/** How long queued runs wait while there is no engine, and checks for one in the meantime. */

/** Enough for a Docker engine to restart. */
const PATIENCE_MS = 120_000;
/** Between two checks for an engine while runs wait for one. */
const RECHECK_MS = 1000;

export interface EnginePatienceOptions {
  /** Two minutes by default. */
  readonly patienceMs?: number | undefined;
  /** Checks whether there is an engine again. */
  recheck(): void;
  /** Called when it has taken too long; `shouldWait` returns false from then on. */
  onGivenUp(): void;
}

export class EnginePatience {
  private timers: NodeJS.Timeout[] = [];
  private away = false;
  private isPatient = true;

  constructor(private readonly options: EnginePatienceOptions) {}

  /** Whether queued runs should keep waiting, because the engine disappeared recently. */
  shouldWait(engine: object | null): boolean {
    if (engine !== null) this.end();
    else if (!this.away) this.begin();
    return engine === null && this.isPatient;
  }

  /** Stops checking. */
  end(): void {
    this.stopTimers();
    this.away = false;
    this.isPatient = true;
  }

  private begin(): void {
    const { patienceMs = PATIENCE_MS, recheck } = this.options;
    this.away = true;
    this.timers = [setTimeout(() => this.giveUp(), patienceMs).unref(), setInterval(recheck, RECHECK_MS).unref()];
  }

  private giveUp(): void {
    this.stopTimers();
    this.isPatient = false;
    this.options.onGivenUp();
  }

  private stopTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }
}
