/** Which engine is in use and why, kept up to date. */
import { Token } from '@lumino/coreutils';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { createClient, type LiveEvents } from '@ved/core/browser';
import { type Engines, enginesChanged, type InterpreterInfo, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export const EngineModelToken = new Token<EngineModel>('@ved/runner:EngineModel', 'Which engine is in use (internal to the runner).');

export class EngineModel implements IDisposable {
  readonly changed = new Signal<this, void>(this);
  engines: Engines | null = null;
  /** How many requests were sent, and which of them `engines` is the response to. */
  private requests = 0;
  private answered = 0;
  private readonly subscriptions = new DisposableSet();

  constructor(private readonly live: LiveEvents) {
    this.subscriptions.add(live.on(enginesChanged, () => void this.refresh()));
    live.resumed.connect(this.onResumed, this);
    void this.refresh();
  }

  get isDisposed(): boolean {
    return this.subscriptions.isDisposed;
  }
  dispose(): void {
    this.live.resumed.disconnect(this.onResumed, this);
    this.subscriptions.dispose();
    Signal.clearData(this);
  }

  /** The interpreters of the engine in use, the default first; empty until the server has answered. */
  get interpreters(): readonly InterpreterInfo[] {
    return this.engines?.engines.find(({ active }) => active)?.interpreters ?? [];
  }

  /** Never rejects: while the server is unreachable the last answer stays, and the workspace shows that it is offline. */
  async refresh(): Promise<void> {
    this.requests += 1;
    const request = this.requests;
    try {
      const engines = await client.engines();
      // The response to a later request has arrived before this one.
      if (request < this.answered) return;
      this.answered = request;
      this.engines = engines;
    } catch {
      return;
    }
    this.changed.emit();
  }

  private onResumed(): void {
    void this.refresh();
  }
}
