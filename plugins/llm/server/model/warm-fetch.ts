/**
 * The `fetch` that the client library is given: undici's plain request over
 * connections that stay open. The Fetch standard's own streams cost 0.4 ms
 * before the first byte of an answer; of a response, only what the library and
 * the reader of answers use is here.
 */
import { Agent, type Dispatcher, request } from 'undici';

/** A connection that nobody used this long is closed: the next question of a person at work still finds it open. */
const KEEP_ALIVE_MS = 60_000;

export interface WarmFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Breaks off what is under way. */
  destroy(): Promise<void>;
}

class PlainResponse {
  readonly headers: Headers;

  constructor(
    private readonly answer: Dispatcher.ResponseData,
    readonly url: string,
  ) {
    this.headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) this.headers.set(name, String(value));
  }

  get status(): number {
    return this.answer.statusCode;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.answer.body;
  }

  text(): Promise<string> {
    return this.answer.body.text();
  }
}

/** `silenceMs` is the longest silence between two bytes, before the first too. */
export function createWarmFetch(silenceMs: number): WarmFetch {
  const agent = new Agent({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: silenceMs, bodyTimeout: silenceMs });
  const fetch = async (url: string, init: { method: string; headers: Headers; body: string; signal: AbortSignal }) => {
    const { method, headers, body, signal } = init;
    const answer = await request(url, {
      method: method as Dispatcher.HttpMethod,
      headers: Object.fromEntries(headers),
      body,
      signal,
      dispatcher: agent,
    });
    return new PlainResponse(answer, url);
  };
  return { fetch: fetch as unknown as typeof globalThis.fetch, destroy: () => agent.destroy() };
}
