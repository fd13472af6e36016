/** Implements `Catalog`: the live scripts, kept up to date by the server's events. */

import { PromiseDelegate } from '@lumino/coreutils';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Catalog, ScriptSummary } from '@ved/catalog/contract';
import { catalogChanged, catalogRoutes } from '@ved/catalog/contract';
import { createClient, type LiveEvents } from '@ved/core/browser';

const client = createClient(catalogRoutes);

export class ScriptList implements Catalog, IDisposable {
  scripts: readonly ScriptSummary[] = [];
  /** Why the list could not be loaded; null when it could. */
  error: Error | null = null;
  readonly changed: Signal<Catalog, void> = new Signal<Catalog, void>(this);
  private readonly firstAnswer = new PromiseDelegate<void>();
  private readonly subscriptions = new DisposableSet();
  private isLoaded = false;
  private inFlight: Promise<void> | null = null;
  private askAgain = false;

  constructor(events: LiveEvents) {
    this.subscriptions.add(events.on(catalogChanged, () => void this.refresh()));
    events.resumed.connect(this.refreshQuietly, this);
    void this.refresh();
  }

  get ready(): Promise<void> {
    return this.firstAnswer.promise;
  }

  /** Whether the list was loaded at least once. */
  get loaded(): boolean {
    return this.isLoaded;
  }

  get isDisposed(): boolean {
    return this.subscriptions.isDisposed;
  }

  dispose(): void {
    Signal.clearData(this);
    this.subscriptions.dispose();
  }

  find(scriptId: number): ScriptSummary | undefined {
    return this.scripts.find((script) => script.id === scriptId);
  }

  /** Never rejects: the panel shows `error`. Calls made while a request is in flight share the next one. */
  refresh(): Promise<void> {
    this.askAgain = this.inFlight !== null;
    this.inFlight ??= this.load();
    return this.inFlight;
  }

  private async load(): Promise<void> {
    do {
      this.askAgain = false;
      try {
        this.accept(await client.listScripts());
      } catch (error) {
        this.error = error as Error;
        this.changed.emit();
      }
    } while (this.askAgain && !this.isDisposed);
    // At once: a call between the last response and a later reset would load nothing.
    this.inFlight = null;
  }

  /** Takes the list from the response to a change. */
  accept(scripts: readonly ScriptSummary[]): void {
    this.scripts = scripts;
    this.error = null;
    this.isLoaded = true;
    this.firstAnswer.resolve();
    this.changed.emit();
  }

  private refreshQuietly(): void {
    void this.refresh();
  }
}
