/**
 * Live events of the workspace: every page learns what others do. They say that
 * something changed, never more than a viewer may read; pages fetch the rest.
 * Sent over `GET /api/events`, which starts with `ready`, or with `reset` when
 * events since `Last-Event-ID` are lost; then reload everything.
 */
import type { z } from 'zod';

export interface EventDefinition<S extends z.ZodType = z.ZodType> {
  /** `area/what-happened`. */
  readonly type: string;
  readonly data: S;
  /** Whether each event contains the whole state, so that a client that missed some needs only the last. */
  readonly latestOnly?: boolean;
}

/** Declares a live event with the schema of its data. */
export function defineEvent<S extends z.ZodType>(
  type: string,
  data: S,
  options: { readonly latestOnly?: boolean } = {},
): EventDefinition<S> {
  return { type, data, ...options };
}

/** The data of an event. */
export type EventData<E extends EventDefinition> = z.output<E['data']>;
