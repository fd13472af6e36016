/**
 * Writes an async iterable as server-sent events. The iterable is asked for the
 * next event only when the client took the one before, and is returned when
 * the client leaves, the session ends or the server stops.
 */
import { Readable } from 'node:stream';
import type { ServerSentEvent } from '../router.ts';
import { asProblem } from './problem-response.ts';

/** Proxies and browsers drop connections that stay silent for longer than about half a minute. */
export const KEEP_ALIVE_MS = 15_000;
/** How long the head waits for the first event, so that an iterable that refuses at once still answers with a status. */
const HEAD_WAIT_MS = 50;

export interface EventStreamOptions {
  /** Fires when the client is gone or the server stops. */
  readonly signal: AbortSignal;
  /** Asked at every keep-alive; false ends the stream. */
  readonly mayContinue: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
  readonly keepAliveMs?: number;
}

/** The body of an event stream. Rejects with what the iterable throws before its first event. */
export async function openEventStream(events: AsyncIterable<ServerSentEvent>, options: EventStreamOptions): Promise<Readable> {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  await settledWithin(first, HEAD_WAIT_MS);
  return Readable.from(frames(iterator, first, options), { objectMode: false });
}

/** One event in the form of the HTML standard, section 9.2.5. */
export function formatEvent({ event, id, data }: ServerSentEvent): string {
  const idLine = id === undefined ? '' : `id: ${String(id).replace(/[\r\n\0]/g, '')}\n`;
  return `${idLine}event: ${event.replace(/[\r\n]/g, '')}\ndata: ${JSON.stringify(data ?? null)}\n\n`;
}

type Next = IteratorResult<ServerSentEvent>;

async function* frames(
  iterator: AsyncIterator<ServerSentEvent>,
  first: Promise<Next>,
  options: EventStreamOptions,
): AsyncGenerator<string> {
  const { signal, keepAliveMs = KEEP_ALIVE_MS } = options;
  let next = first;
  try {
    yield ': open\n\n';
    while (!signal.aborted) {
      const outcome = await nextOrSilence(next, keepAliveMs, signal);
      if (outcome === 'aborted') return;
      if (outcome === 'silent') {
        if (!(await options.mayContinue())) return;
        yield ': keep-alive\n\n';
        continue;
      }
      if (outcome.done) return;
      yield formatEvent(outcome.value);
      next = iterator.next();
    }
  } catch (error) {
    options.onError(error);
    const details = asProblem(error)?.toDetails() ?? { code: 'core/internal', detail: 'Something went wrong on the server.', status: 500 };
    yield formatEvent({ event: 'problem', data: details });
  } finally {
    next.catch(() => undefined);
    // Not awaited: a generator that still waits for its next event returns only after that.
    iterator.return?.().catch(options.onError);
  }
}

/** Rejects when `first` rejects in time; otherwise resolves when it settles or the time is up. */
async function settledWithin(first: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  try {
    await Promise.race([first, limit]);
  } finally {
    clearTimeout(timer);
  }
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
