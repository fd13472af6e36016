/** Whether the assistant is available, and what it cost today; kept up to date. */
import { type ISignal, Signal } from '@lumino/signaling';
import { createClient, type LiveEvents, ServerUnreachable } from '@ved/core/browser';
import { type AssistantStatus, interactionLogged, llmRoutes } from '../../contract/index.ts';

const client = createClient(llmRoutes);

/** Several interactions close together cause one request. */
const QUIET_MS = 300;

export class Availability {
  readonly #changed = new Signal<this, void>(this);
  #status: AssistantStatus | null = null;
  #error: unknown = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: LiveEvents) {
    const soon = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.refresh(), QUIET_MS);
    };
    events.on(interactionLogged, soon);
    events.resumed.connect(soon);
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** Null until the server has answered once. */
  get status(): AssistantStatus | null {
    return this.#status;
  }

  /** Why the request failed; null when it did not. */
  get error(): unknown {
    return this.#error;
  }

  /** Asks the server. */
  async refresh(): Promise<void> {
    try {
      this.#status = await client.status();
      this.#error = null;
    } catch (error) {
      // Keep the last answer; it is fetched again when the connection is back.
      if (!(error instanceof ServerUnreachable)) this.#error = error;
    }
    this.#changed.emit();
  }
}
