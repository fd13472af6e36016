/** The one bus of live events. In the process now; the interface is what a bus between servers would offer. */
import type { EventData, EventDefinition } from '@ved/core/contract';

export interface LiveEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface EventBus {
  /** Tells every subscriber; never throws for what a subscriber does. */
  publish<E extends EventDefinition>(event: E, data: EventData<E>): void;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
