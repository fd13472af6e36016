/** A list that panels show: loaded, kept up to date by live events, loaded again when some may have been missed. */
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { EventData, EventDefinition } from '@ved/core/contract';
import type { LiveEvents } from '../tokens.ts';

export abstract class LiveList implements IDisposable {
  /** What it holds, or why it could not be had. */
  readonly changed = new Signal<this, void>(this);
  /** Why the last try to load it failed; null when it did not. */
  error: Error | null = null;
  /** Whether it was loaded at least once. */
  loaded = false;
  private readonly subscriptions = new DisposableSet();

  constructor(private readonly live: LiveEvents) {
    live.resumed.connect(this.reload, this);
  }

  abstract reload(): void;

  get isDisposed(): boolean {
    return this.subscriptions.isDisposed;
  }

  dispose(): void {
    this.live.resumed.disconnect(this.reload, this);
    this.subscriptions.dispose();
    Signal.clearData(this);
  }

  protected on<E extends EventDefinition>(event: E, listener: (data: EventData<E>) => void): void {
    this.subscriptions.add(this.live.on(event, listener));
  }

  /** Forgets what was loaded: it is of something else that the list holds from now on. */
  protected forget(): void {
    this.error = null;
    this.loaded = false;
    this.changed.emit();
  }

  /** Asks, and takes the answer unless something else is wanted by then. Never rejects: what went wrong is in `error`. */
  protected async load<T>(ask: () => Promise<T>, isStillWanted: () => boolean, take: (answer: T) => void): Promise<void> {
    try {
      const answer = await ask();
      if (!isStillWanted()) return;
      take(answer);
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (!isStillWanted()) return;
      this.error = error as Error;
    }
    this.changed.emit();
  }
}
