/**
 * Live events over one connection. When it breaks it is opened again, a little
 * later each time, from the last event that arrived; a change of state and the
 * time of the next try are told to whoever listens.
 */
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { type EventData, type EventDefinition, workspaceRoutes } from '@ved/core/contract';
import { ApiError } from '../client/api-error.ts';
import { openStream, type StreamEvent } from '../client/event-stream.ts';
import type { ConnectionState, LiveEvents } from '../tokens.ts';

/** Waits between tries; the last one repeats. */
const RETRY_DELAYS_MS = [1000, 2000, 3000, 5000, 8000, 13_000];
/** The server sends a keep-alive well within this; without one the connection is dead although nobody said so. */
const SILENCE_LIMIT_MS = 45_000;
/** The server no longer has what was missed. */
const RESET_EVENT = 'reset';

/** Why a stream that works is given up: another session takes its place. No Error: with a debugger attached, V8 reads the whole bundle again for where it was made. */
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

  /** `lastEventId` is of the last event before the page read anything: what came after it is told. */
  constructor(private lastEventId: string) {}

  get state(): ConnectionState {
    return this.currentState;
  }

  /** When the next try is made, in milliseconds of `Date.now()`; null while connected or trying. */
  get retryAt(): number | null {
    return this.retryTime;
  }

  /** Why the server refused the connection, for a person; null while it cannot be reached, or is connected. */
  get refusal(): string | null {
    return this.refusalText;
  }

  on<E extends EventDefinition>(event: E, listener: (data: EventData<E>) => void): IDisposable {
    const all = this.listeners.get(event.type) ?? new Set();
    this.listeners.set(event.type, all.add(listener as Listener));
    return new DisposableDelegate(() => all.delete(listener as Listener));
  }

  /** Tries at once instead of when the wait is over. */
  retryNow(): void {
    this.wake();
  }

  /** The session is gone; the workspace asks the person to sign in. */
  sessionLost(): void {
    this.become('signed-out');
  }

  /** Signed in again: goes on at once under the new session. The stream of the old one would stay open until the server looks. */
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
      else attempt.abort(new Error('the server fell silent'));
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
    // A stream that the server ended is opened again after the shortest wait.
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
      window.addEventListener('online', this.wake, { once: true, signal: this.ended.signal });
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

/** Calls back when it was not fed for too long. */
class Watchdog {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly bark: () => void) {
    this.feed();
  }

  feed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.bark, SILENCE_LIMIT_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
