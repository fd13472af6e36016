/**
 * Pyright as the language service. Keeps one session alive: one that breaks is
 * replaced by itself a few times, then only when a person asks.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import type { LanguageService, LanguageServiceStatus } from '../language-service.ts';
import { type PyrightAddresses, PyrightSession } from './pyright-session.ts';

/** Three breaks in five minutes are no accident: a script that breaks it would break it for ever. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 5 * 60 * 1000;

export class PyrightService implements LanguageService {
  readonly name = 'Pyright';
  private session: PyrightSession | null = null;
  private failuresAtMs: number[] = [];
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

  start(): void {
    if (!this.session) this.begin('');
  }

  restart(): void {
    this.failuresAtMs = [];
    this.begin('');
  }

  async readFile(uri: string): Promise<string | null> {
    return this.session?.readFile(uri) ?? null;
  }

  private begin(detail: string): void {
    this.session?.dispose();
    this.setStatus({ state: 'loading', detail });
    const session = new PyrightSession(this.addresses, (error) => this.onBroken(error));
    this.session = session;
    session.start().then(
      () => {
        if (this.session === session) this.setStatus({ state: 'ready', detail: '' });
      },
      (error: unknown) => {
        if (this.session === session) this.onBroken(error);
      },
    );
  }

  private onBroken(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const nowMs = Date.now();
    this.failuresAtMs = [...this.failuresAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS), nowMs];
    if (this.failuresAtMs.length <= MAX_RESTARTS) {
      this.begin(`restarted: ${reason}`);
      return;
    }
    this.session?.dispose();
    this.session = null;
    this.setStatus({ state: 'failed', detail: reason });
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
