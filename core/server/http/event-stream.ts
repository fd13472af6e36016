/**
 * Writes an async iterable as server-sent events. The next event is requested
 * only when the client has taken the previous one, and the iterable is returned
 * when the signal fires: the client disconnects, the session ends or the server
 * stops.
 */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Middleware } from 'koa';
import type { ServerSentEvent } from '../router.ts';
import { asProblem } from './problem-response.ts';

/** Proxies and browsers drop connections that are silent for more than about half a minute. */
const KEEP_ALIVE_MS = 15_000;
/** How long the head waits for the first event, so that an iterable that fails immediately still gets an error status. */
const HEAD_WAIT_MS = 50;

export interface EventStreamOptions {
  /** Fires when the client disconnects or loses access, or the server stops. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  readonly keepAliveMs?: number;
}

/** The body of an event stream. Rejects with what the iterable throws before its first event. */
export async function openEventStream(events: AsyncIterable<ServerSentEvent>, options: EventStreamOptions): Promise<EventStreamBody> {
  const iterator = events[Symbol.asyncIterator]();
  const next = iterator.next();
  const first = await settledWithin(next, HEAD_WAIT_MS);
  return new EventStreamBody(iterator, next, first, options);
}

/** Outermost, so that all headers are set when a stream starts. */
export function beginEventStreams(): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.body instanceof EventStreamBody) ctx.body.begin(ctx.res);
  };
}

/** One event in the form of the HTML standard, section 9.2.5. */
export function formatEvent({ event, id, data, json }: ServerSentEvent): string {
  const idLine = id === undefined ? '' : `id: ${String(id).replace(/[\r\n\0]/g, '')}\n`;
  return `${idLine}event: ${event.replace(/[\r\n]/g, '')}\ndata: ${json ?? JSON.stringify(data ?? null)}\n\n`;
}

type Next = IteratorResult<ServerSentEvent>;

/**
 * A stream rather than a generator: an event that is ready when the head is sent
 * is sent with it, without another turn of the event loop.
 */
export class EventStreamBody extends Readable {
  /** The first piece to send; null once sent. */
  private first: string | null;
  /** The pending request for the next event; null when there is none. */
  private next: Promise<Next> | null;
  private readonly ended: boolean;

  constructor(
    private readonly events: AsyncIterator<ServerSentEvent>,
    asked: Promise<Next>,
    first: Next | null,
    private readonly options: EventStreamOptions,
  ) {
    super();
    this.next = first ? null : asked;
    this.first = first && !first.done ? `: open\n\n${formatEvent(first.value)}` : ': open\n\n';
    this.ended = first?.done === true;
  }

  /** Sends the first piece immediately, together with the head; the stream sends the rest. */
  begin(res: ServerResponse): void {
    if (this.first === null || res.destroyed) return;
    res.write(this.first);
    this.first = null;
    // Otherwise it would wait for the rest of this turn, such as connecting the stream.
    res.socket?.uncork();
  }

  override async _read(): Promise<void> {
    try {
      this.push(await this.frame());
    } catch (error) {
      this.options.onError(error);
      const details = asProblem(error)?.toDetails() ?? {
        code: 'core/internal',
        detail: 'Something went wrong on the server.',
        status: 500,
      };
      this.push(formatEvent({ event: 'problem', data: details }));
      this.push(null);
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.next?.catch(() => undefined);
    // Not awaited: a generator that is waiting for its next event returns only after that.
    this.events.return?.().catch(this.options.onError);
    done(error);
  }

  /** The next piece to send; null at the end. */
  private async frame(): Promise<string | null> {
    if (this.first !== null) {
      const first = this.first;
      this.first = null;
      return first;
    }
    const { signal, keepAliveMs = KEEP_ALIVE_MS } = this.options;
    if (this.ended || signal.aborted) return null;
    this.next ??= this.events.next();
    const outcome = await nextOrSilence(this.next, keepAliveMs, signal);
    if (outcome === 'aborted') return null;
    if (outcome === 'silent') return ': keep-alive\n\n';
    this.next = null;
    return outcome.done ? null : formatEvent(outcome.value);
  }
}

/** Rejects when `first` rejects in time; resolves with its value, or with null on timeout. */
function settledWithin(first: Promise<Next>, limitMs: number): Promise<Next | null> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => resolve(null), limitMs);
    const settle = (act: () => void) => {
      clearTimeout(limit);
      act();
    };
    first.then(
      (result) => settle(() => resolve(result)),
      (error) => settle(() => reject(error)),
    );
  });
}

function nextOrSilence(next: Promise<Next>, keepAliveMs: number, signal: AbortSignal): Promise<Next | 'silent' | 'aborted'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => resolve('silent')), keepAliveMs);
    const onAbort = () => settle(() => resolve('aborted'));
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    signal.addEventListener('abort', onAbort);
    next.then(
      (result) => settle(() => resolve(result)),
      (error) => settle(() => reject(error)),
    );
  });
}
