/** A list for panels: loaded, kept up to date by live events, and reloaded when some may have been missed. */
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { EventData, EventDefinition } from '@ved/core/contract';
import type { LiveEvents } from '../tokens.ts';

export abstract class LiveList implements IDisposable {
  /** The list or its error changed. */
  readonly changed = new Signal<this, void>(this);
  /** Why the last load failed; null when it did not. */
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

  /** Forgets what was loaded, when the list is about something else from now on. */
  protected forget(): void {
    this.error = null;
    this.loaded = false;
    this.changed.emit();
  }

  /** Loads, and takes the result if it is still wanted by then. Never rejects: a failure is in `error`. */
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
