/** The in-process bus of live events, with a buffer that lets a client resume where it was cut off. */
import { randomBytes } from 'node:crypto';
import type { EventData, EventDefinition } from '@ved/core/contract';
import type { Logger } from 'pino';
import type { EventBus, LiveEvent } from './event-bus.ts';
import type { ServerSentEvent } from './router.ts';

/** Limits of the buffer, in events and bytes of their data. A client that missed more reloads everything. */
const REMEMBERED = { events: 1_000, bytes: 4 * 1024 * 1024 };

interface NumberedEvent extends LiveEvent {
  readonly number: number;
  /** `data` as JSON, serialised once for all clients. */
  readonly json: string;
}

export class EventHub implements EventBus {
  /** Numbers start again with each process; the epoch tells apart the ids of a previous one. */
  private readonly epoch = randomBytes(6).toString('hex');
  /** Oldest first, without events that a later one made obsolete. */
  private recent: NumberedEvent[] = [];
  private recentBytes = 0;
  /** The number of the last event that is no longer in the buffer. */
  private lost = 0;
  private readonly listeners = new Set<(event: NumberedEvent) => void>();
  private last = 0;

  constructor(
    private readonly log: Logger,
    private readonly remembered = REMEMBERED,
  ) {}

  /** The size of the buffer. */
  get size(): { readonly events: number; readonly bytes: number } {
    return { events: this.recent.length, bytes: this.recentBytes };
  }

  /** The id of the last event, from which a client can resume. */
  get lastId(): string {
    return this.idOf(this.last);
  }

  publish<E extends EventDefinition>(event: E, data: EventData<E>): void {
    const parsed = event.data.parse(data);
    const numbered = { number: ++this.last, type: event.type, data: parsed, json: JSON.stringify(parsed) ?? 'null' };
    if (event.latestOnly) this.supersede(event.type);
    this.remember(numbered);
    for (const listener of [...this.listeners]) {
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
    this.listeners.add(own);
    return () => {
      this.listeners.delete(own);
    };
  }

  /**
   * Events for one client: first `ready` (or `reset`, when missed events are
   * lost), then those after `lastEventId`, then new ones. A client has no queue of
   * its own: one that falls behind the buffer gets a `reset`.
   */
  async *follow(lastEventId: string | null, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    let wake: () => void = () => undefined;
    const onNews = () => wake();
    this.listeners.add(onNews);
    signal.addEventListener('abort', onNews);
    try {
      const resumed = this.numberOf(lastEventId);
      let told = resumed ?? this.last;
      yield resumed === null ? this.reset() : { event: 'ready', id: this.idOf(told), data: {} };
      while (!signal.aborted) {
        const next = this.after(told);
        if (told < this.lost) {
          told = this.last;
          yield this.reset();
        } else if (next) {
          told = next.number;
          yield this.toServerSent(next);
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.listeners.delete(onNews);
      signal.removeEventListener('abort', onNews);
    }
  }

  /** Removes earlier events of this type, which the new one makes obsolete. */
  private supersede(type: string): void {
    const kept = this.recent.filter((event) => event.type !== type);
    if (kept.length === this.recent.length) return;
    this.recent = kept;
    this.recentBytes = kept.reduce((bytes, { json }) => bytes + json.length, 0);
  }

  private remember(event: NumberedEvent): void {
    this.recent.push(event);
    this.recentBytes += event.json.length;
    while (this.recent.length > this.remembered.events || this.recentBytes > this.remembered.bytes) {
      const oldest = this.recent.shift()!;
      this.recentBytes -= oldest.json.length;
      this.lost = oldest.number;
    }
  }

  /** The number of an id; null when events after it are lost. A new client has missed nothing. */
  private numberOf(lastEventId: string | null): number | null {
    if (lastEventId === null) return this.last;
    const [epoch, text] = lastEventId.split('-');
    const number = Number(text);
    if (epoch !== this.epoch || !Number.isSafeInteger(number) || number > this.last) return null;
    return number < this.lost ? null : number;
  }

  /** The first event after a number. Searched from the end, since nearly every client only lacks the last. */
  private after(number: number): NumberedEvent | undefined {
    let at = this.recent.length;
    while (at > 0 && this.recent[at - 1]!.number > number) at--;
    return this.recent[at];
  }

  private toServerSent(event: NumberedEvent): ServerSentEvent {
    return { event: event.type, id: this.idOf(event.number), data: event.data, json: event.json };
  }

  private reset(): ServerSentEvent {
    return { event: 'reset', id: this.lastId, data: {} };
  }

  private idOf(number: number): string {
    return `${this.epoch}-${number}`;
  }
}
