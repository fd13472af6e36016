/**
 * Live events of the workspace: what one person does, every other page learns.
 * They say that something changed, never more than a viewer may read; pages
 * fetch the rest. Sent over `GET /api/events`, which begins with `ready`, or with
 * `reset` when events since `Last-Event-ID` are lost: then read everything anew.
 */
import type { z } from 'zod';

export interface EventDefinition<S extends z.ZodType = z.ZodType> {
  /** `area/what-happened`. */
  readonly type: string;
  readonly data: S;
  /** Whether each event tells all there is to tell, so that who missed some needs only the last. */
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
