/** An HTTP client for one person: keeps the session's cookies, and reads JSON, text and event streams. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface AgentResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses freely and state the shape they expect
  readonly body: any;
}

export interface StreamedEvent {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly data: any;
}

export class Agent {
  private readonly cookies = new Map<string, string>();

  constructor(readonly url: string) {}

  /** The Cookie header of the next request. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<AgentResponse> {
    const response = await this.fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string, headers?: Record<string, string>): Promise<AgentResponse> {
    return this.request('GET', path, undefined, headers);
  }
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<AgentResponse> {
    return this.request('POST', path, body, headers);
  }
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<AgentResponse> {
    return this.request('PUT', path, body, headers);
  }
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<AgentResponse> {
    return this.request('PATCH', path, body, headers);
  }
  delete(path: string, body?: unknown, headers?: Record<string, string>): Promise<AgentResponse> {
    return this.request('DELETE', path, body, headers);
  }

  /**
   * The events of a stream as they arrive. Leaving the loop closes the
   * connection. A POST sends `body`. Throws when the response is not a stream.
   */
  async *events(
    path: string,
    options: { lastEventId?: string; method?: string; body?: unknown; signal?: AbortSignal } = {},
  ): AsyncGenerator<StreamedEvent> {
    const leave = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, leave.signal]) : leave.signal;
    const response = await this.fetch(path, {
      method: options.method ?? 'GET',
      headers: {
        Accept: 'text/event-stream',
        ...(options.lastEventId === undefined ? {} : { 'Last-Event-ID': options.lastEventId }),
        ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal,
    });
    if (response.status !== 200 || !response.body) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    const arrived: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => arrived.push(event) });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        for (const { event = 'message', id, data } of arrived.splice(0)) yield { event, id, data: JSON.parse(data) };
      }
    } finally {
      leave.abort();
    }
  }

  /** Like a browser's `fetch` of a path, with this session. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0 && !headers.has('Cookie')) headers.set('Cookie', this.cookie);
    const response = await fetch(new URL(path, this.url), { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return response;
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';');
    const at = pair.indexOf('=');
    const expires = attributes.map((attribute) => attribute.trim()).find((attribute) => /^expires=/i.test(attribute));
    if (pair.slice(at + 1) === '' || (expires && Date.parse(expires.slice(8)) <= Date.now())) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
