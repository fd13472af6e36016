/**
 * Pyright as the language service. Keeps one session alive: a crashed session is
 * replaced automatically a few times, then only when a person asks.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import type { LanguageService, LanguageServiceStatus } from '../language-service.ts';
import type { PyrightAddresses, PyrightSession } from './pyright-session.ts';

/** More than three crashes in five minutes are no coincidence: a script that crashes Pyright would do so for ever. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 5 * 60 * 1000;

export class PyrightService implements LanguageService {
  readonly name = 'Pyright';
  private session: PyrightSession | null = null;
  /** Counts the sessions, so that late messages of an earlier one are ignored. */
  private generation = 0;
  private failuresAtMs: number[] = [];
  private isWanted = false;
  private current: LanguageServiceStatus = { state: 'idle', detail: '' };
  private readonly changed = new Signal<this, LanguageServiceStatus>(this);
  isDisposed = false;

  constructor(private readonly addresses: PyrightAddresses) {}

  get status(): LanguageServiceStatus {
    return this.current;
  }

  get statusChanged(): ISignal<this, LanguageServiceStatus> {
    return this.changed;
  }

  private get isAllowed(): boolean {
    return this.current.state !== 'off';
  }

  start(): void {
    this.isWanted = true;
    if (this.current.state === 'idle') void this.begin('');
  }

  restart(): void {
    if (!this.isAllowed) return;
    this.failuresAtMs = [];
    void this.begin('');
  }

  setAllowed(allowed: boolean): void {
    if (allowed === this.isAllowed) return;
    if (!allowed) {
      this.end({ state: 'off', detail: 'is turned off in the settings.' });
      return;
    }
    this.setStatus({ state: 'idle', detail: '' });
    if (this.isWanted) this.restart();
  }

  async readFile(uri: string): Promise<string | null> {
    return this.session?.readFile(uri) ?? null;
  }

  private async begin(detail: string): Promise<void> {
    this.end({ state: 'loading', detail });
    const generation = this.generation;
    try {
      await this.startSession(generation);
      if (generation === this.generation) this.setStatus({ state: 'ready', detail: '' });
    } catch (error) {
      if (generation === this.generation) this.onCrash(error);
    }
  }

  /** Loads the session's code only now: it builds on the editor, which is loaded first. */
  private async startSession(generation: number): Promise<void> {
    const { PyrightSession: Session } = await import('./pyright-session.ts');
    if (generation !== this.generation || this.isDisposed) return;
    this.session = new Session(this.addresses, (error) => this.onCrash(error));
    await this.session.start();
  }

  private onCrash(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const nowMs = Date.now();
    this.failuresAtMs = [...this.failuresAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS), nowMs];
    if (this.failuresAtMs.length <= MAX_RESTARTS) {
      void this.begin(`restarted: ${reason}`);
      return;
    }
    this.end({ state: 'failed', detail: reason });
  }

  private end(status: LanguageServiceStatus): void {
    this.session?.dispose();
    this.session = null;
    this.generation += 1;
    this.setStatus(status);
  }

  private setStatus(status: LanguageServiceStatus): void {
    this.current = status;
    this.changed.emit(status);
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.session?.dispose();
    this.session = null;
    Signal.clearData(this);
  }
}
