/** The bus of live events. It is in-process now; a bus between servers could implement the same interface. */
import type { EventData, EventDefinition } from '@ved/core/contract';

export interface LiveEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface EventBus {
  /** Calls every subscriber; never throws, even if a subscriber does. */
  publish<E extends EventDefinition>(event: E, data: EventData<E>): void;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
