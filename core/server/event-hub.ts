/** The bus of live events inside one process, and the memory that lets a client resume where it was cut off. */
import { randomBytes } from 'node:crypto';
import type { EventData, EventDefinition } from '@ved/core/contract';
import type { Logger } from 'pino';
import type { EventBus, LiveEvent } from './event-bus.ts';
import type { ServerSentEvent } from './router.ts';

/** How many events a client may miss; beyond that it is told to read everything anew. */
const REMEMBERED = 1_000;
/** How many events one client may be behind before it is told so too. */
const MAX_BEHIND = 1_000;

interface NumberedEvent extends LiveEvent {
  readonly number: number;
}

export class EventHub implements EventBus {
  /** Numbers begin anew with the process; the epoch tells ids of an earlier one apart. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #recent: NumberedEvent[] = [];
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  #last = 0;

  constructor(private readonly log: Logger) {}

  publish<E extends EventDefinition>(event: E, data: EventData<E>): void {
    const numbered = { number: ++this.#last, type: event.type, data: event.data.parse(data) };
    this.#recent.push(numbered);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    for (const listener of [...this.#listeners]) {
      try {
        listener(numbered);
      } catch (error) {
        this.log.error({ err: error, event: event.type }, 'a listener of a live event failed');
      }
    }
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const own = (event: NumberedEvent) => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /**
   * Events for one client: first `ready` (or `reset`, when events were missed
   * for good), then those after `lastEventId`, then all to come.
   */
  async *follow(lastEventId: string | null, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const queue: NumberedEvent[] = [];
    let wake: () => void = () => undefined;
    let overrun = false;
    const listener = (event: NumberedEvent) => {
      if (queue.length >= MAX_BEHIND) overrun = true;
      else queue.push(event);
      wake();
    };
    const onAbort = () => wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', onAbort);
    try {
      const missed = this.#missedSince(lastEventId);
      yield missed ? { event: 'ready', id: this.#idOf(lastNumber(missed, this.#last)), data: {} } : this.#reset();
      for (const event of missed ?? []) yield this.#toServerSent(event);
      while (!signal.aborted) {
        const event = queue.shift();
        if (event) yield this.#toServerSent(event);
        else if (overrun) {
          overrun = false;
          yield this.#reset();
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** What came after an id; null when that cannot be told any more. A new client missed nothing. */
  #missedSince(lastEventId: string | null): NumberedEvent[] | null {
    if (lastEventId === null) return [];
    const [epoch, text] = lastEventId.split('-');
    const number = Number(text);
    if (epoch !== this.#epoch || !Number.isSafeInteger(number) || number > this.#last) return null;
    const missed = this.#recent.filter((event) => event.number > number);
    return missed.length === this.#last - number ? missed : null;
  }

  #toServerSent(event: NumberedEvent): ServerSentEvent {
    return { event: event.type, id: this.#idOf(event.number), data: event.data };
  }

  #reset(): ServerSentEvent {
    return { event: 'reset', id: this.#idOf(this.#last), data: {} };
  }

  #idOf(number: number): string {
    return `${this.#epoch}-${number}`;
  }
}

/** The number that the events before `missed` end with. */
function lastNumber(missed: readonly NumberedEvent[], last: number): number {
  return missed.length === 0 ? last : missed[0]!.number - 1;
}
