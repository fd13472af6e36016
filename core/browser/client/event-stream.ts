/** Server-sent events of a declared route as an async iterable over one connection. To reconnect, open it again with the last id. */
import type { RouteDefinition, RouteRequest } from '@ved/core/contract';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ServerUnreachable } from './api-error.ts';
import { type RequestParts, send } from './request.ts';
import { makeSafe } from './shown-members.ts';

export interface StreamEvent {
  readonly event: string;
  /** Null when the event carried none. */
  readonly id: string | null;
  /** Parsed from JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows the schema of the event's data
  readonly data: any;
}

export interface StreamOptions {
  /** Resumes after this event, without losing or repeating any. */
  readonly lastEventId?: string | null;
  readonly signal?: AbortSignal;
  /** Called once the server has answered. */
  readonly onOpen?: () => void;
  /** Called for everything that arrives, including keep-alives. */
  readonly onActivity?: () => void;
}

/**
 * Opens a stream. Ends when the server ends it; leaving the loop closes the
 * connection. Throws `ApiError`, `ServerUnreachable` (also when an open
 * connection breaks), or the signal's reason.
 */
export async function* openStream<R extends RouteDefinition>(
  route: R,
  request: RouteRequest<R>,
  options: StreamOptions = {},
): AsyncGenerator<StreamEvent, void, undefined> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (options.lastEventId) headers['Last-Event-ID'] = options.lastEventId;
  const response = await send(route, request as RequestParts, { headers, signal: options.signal });
  options.onOpen?.();
  // No content: the stream has nothing more to send.
  if (response.status === 204) return;
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  try {
    for (;;) {
      const { done, value } = await readChunk(reader, options.signal);
      if (done) return;
      options.onActivity?.();
      parser.feed(value);
      for (const message of arrived.splice(0)) {
        yield { event: message.event ?? 'message', id: message.id ?? null, data: makeSafe(JSON.parse(message.data)) };
      }
    }
  } finally {
    // The connection may be broken already; then there is nothing to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

async function readChunk(reader: ReadableStreamDefaultReader<string>, signal?: AbortSignal): Promise<ReadableStreamReadResult<string>> {
  try {
    return await reader.read();
  } catch (error) {
    signal?.throwIfAborted();
    throw new ServerUnreachable(error);
  }
}
