/**
 * Pyright as the language service. Keeps one session alive: one that breaks is
 * replaced by itself a few times, then only when a person asks.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import type { LanguageService, LanguageServiceStatus } from '../language-service.ts';
import type { PyrightAddresses, PyrightSession } from './pyright-session.ts';

/** Three breaks in five minutes are no accident: a script that breaks it would break it for ever. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 5 * 60 * 1000;

export class PyrightService implements LanguageService {
  readonly name = 'Pyright';
  private session: PyrightSession | null = null;
  /** Counts the sessions begun: what an earlier one says late is nobody's concern. */
  private lives = 0;
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
    const life = this.lives;
    try {
      await this.startSession(life);
      if (life === this.lives) this.setStatus({ state: 'ready', detail: '' });
    } catch (error) {
      if (life === this.lives) this.onBroken(error);
    }
  }

  /** Loads what speaks with the worker only now: it is built on the editor, which came before it. */
  private async startSession(life: number): Promise<void> {
    const { PyrightSession: Session } = await import('./pyright-session.ts');
    if (life !== this.lives || this.isDisposed) return;
    this.session = new Session(this.addresses, (error) => this.onBroken(error));
    await this.session.start();
  }

  private onBroken(error: unknown): void {
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
    this.lives += 1;
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
