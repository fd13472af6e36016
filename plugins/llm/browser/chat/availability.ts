/** Whether the assistant is available, and what it cost today; kept up to date. */
import { type ISignal, Signal } from '@lumino/signaling';
import { createClient, type LiveEvents, ServerUnreachable } from '@ved/core/browser';
import { type AssistantStatus, interactionLogged, llmRoutes } from '../../contract/index.ts';

const client = createClient(llmRoutes);

/** Several interactions close together cause one request. */
const QUIET_MS = 300;

export class Availability {
  private readonly changedSignal = new Signal<this, void>(this);
  private currentStatus: AssistantStatus | null = null;
  private currentError: unknown = null;
  /** How many requests were sent, and which of them `status` is the response to. */
  private requests = 0;
  private answered = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: LiveEvents) {
    const soon = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.refresh(), QUIET_MS);
    };
    events.on(interactionLogged, soon);
    events.resumed.connect(soon);
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Null until the server has answered once. */
  get status(): AssistantStatus | null {
    return this.currentStatus;
  }

  /** Why the request failed; null when it did not. */
  get error(): unknown {
    return this.currentError;
  }

  /** Asks the server. */
  async refresh(): Promise<void> {
    this.requests += 1;
    const request = this.requests;
    try {
      const status = await client.status();
      // The response to a later request has arrived before this one.
      if (request < this.answered) return;
      this.answered = request;
      this.currentStatus = status;
      this.currentError = null;
    } catch (error) {
      // Keep the last answer; it is fetched again when the connection is back.
      if (request > this.answered && !(error instanceof ServerUnreachable)) this.currentError = error;
    }
    this.changedSignal.emit();
  }
}
