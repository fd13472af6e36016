/**
 * Live events over one connection. When it breaks, it reconnects with increasing
 * delays and resumes after the last event that arrived. Emits changes of its
 * state and of the time of the next try.
 */
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { type EventData, type EventDefinition, workspaceRoutes } from '@ved/core/contract';
import { ApiError } from '../client/api-error.ts';
import { openStream, type StreamEvent } from '../client/event-stream.ts';
import type { ConnectionState, LiveEvents } from '../tokens.ts';

/** Waits between tries; the last one repeats. */
const RETRY_DELAYS_MS = [1000, 2000, 3000, 5000, 8000, 13_000];
/** The server sends keep-alives more often than this; without one, the connection is dead even if it looks open. */
const SILENCE_LIMIT_MS = 45_000;
/** The server no longer has what was missed. */
const RESET_EVENT = 'reset';

/** The reason to abort a working stream: there is a new session. Not an Error: with a debugger attached, V8 would parse the whole bundle again for its stack. */
const RENEWED = Symbol('the session was renewed');

type Listener = (data: unknown) => void;

export class LiveEventConnection implements LiveEvents {
  readonly stateChanged = new Signal<this, ConnectionState>(this);
  readonly resumed = new Signal<this, void>(this);
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly ended = new AbortController();
  private currentState: ConnectionState = 'online';
  private hadLoss = false;
  private failures = 0;
  private retryTime: number | null = null;
  private refusalText: string | null = null;
  private retryAfterMs = 0;
  private attempt: AbortController | null = null;
  private isOpen = false;
  private wake: () => void = () => undefined;

  /** `lastEventId` is of the last event before the page loaded anything; later events are delivered. */
  constructor(private lastEventId: string) {}

  get state(): ConnectionState {
    return this.currentState;
  }

  /** The time of the next try, in milliseconds of `Date.now()`; null while connected or connecting. */
  get retryAt(): number | null {
    return this.retryTime;
  }

  /** Why the server refused the connection, as text for the user; null while it is unreachable or connected. */
  get refusal(): string | null {
    return this.refusalText;
  }

  on<E extends EventDefinition>(event: E, listener: (data: EventData<E>) => void): IDisposable {
    const all = this.listeners.get(event.type) ?? new Set();
    this.listeners.set(event.type, all.add(listener as Listener));
    return new DisposableDelegate(() => all.delete(listener as Listener));
  }

  /** Retries immediately instead of after the delay. */
  retryNow(): void {
    this.wake();
  }

  /** The session is lost; the workspace asks the user to sign in. */
  sessionLost(): void {
    this.become('signed-out');
  }

  /** Signed in again: reconnects immediately with the new session. The old stream would stay open until the server checks it. */
  sessionFound(): void {
    if (this.isOpen) this.attempt?.abort(RENEWED);
    else this.wake();
  }

  stop(): void {
    this.ended.abort();
    this.wake();
  }

  /** Runs until stopped. */
  async run(): Promise<void> {
    while (!this.ended.signal.aborted) {
      await this.connectOnce();
      if (this.ended.signal.aborted) return;
      this.hadLoss = true;
      if (this.attempt?.signal.reason !== RENEWED) await this.wait();
    }
  }

  private async connectOnce(): Promise<void> {
    const attempt = new AbortController();
    this.attempt = attempt;
    const signal = AbortSignal.any([attempt.signal, this.ended.signal]);
    const watchdog = new Watchdog(() => {
      if (this.currentState === 'signed-out') watchdog.feed();
      else attempt.abort(new Error('the server stopped sending keep-alives'));
    });
    const options = {
      lastEventId: this.lastEventId,
      signal,
      onOpen: () => this.opened(),
      onActivity: () => watchdog.feed(),
    };
    try {
      for await (const event of openStream(workspaceRoutes.events, {}, options)) this.received(event);
    } catch (error) {
      if (error !== RENEWED) this.failed(error);
    } finally {
      this.isOpen = false;
      watchdog.stop();
    }
  }

  private opened(): void {
    this.failures = 0;
    this.refusalText = null;
    this.isOpen = true;
    this.become('online');
    if (this.hadLoss) this.resumed.emit();
  }

  private received(event: StreamEvent): void {
    if (event.id !== null) this.lastEventId = event.id;
    if (event.event === RESET_EVENT) this.resumed.emit();
    for (const listener of this.listeners.get(event.event) ?? []) listener(event.data);
  }

  private failed(error: unknown): void {
    this.failures += 1;
    this.refusalText = error instanceof ApiError && error.status !== 401 ? error.message : null;
    this.retryAfterMs = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    this.become(error instanceof ApiError && error.status === 401 ? 'signed-out' : 'offline');
  }

  private async wait(): Promise<void> {
    // A stream that the server ended is reopened after the shortest delay.
    const step = Math.min(Math.max(this.failures, 1), RETRY_DELAYS_MS.length);
    const delayMs = Math.max(RETRY_DELAYS_MS[step - 1]!, this.failures > 0 ? this.retryAfterMs : 0);
    this.retryTime = Date.now() + delayMs;
    this.stateChanged.emit(this.currentState);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.retryTime = null;
    this.stateChanged.emit(this.currentState);
  }

  private become(state: ConnectionState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    this.stateChanged.emit(state);
  }
}

/** Calls back when it has not been fed for too long. */
class Watchdog {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onSilence: () => void) {
    this.feed();
  }

  feed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onSilence, SILENCE_LIMIT_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
