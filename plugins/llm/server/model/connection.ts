/**
 * The connections to the model's server, kept open between questions. `openai`
 * builds the request once; Node's own client sends each one, because rebuilding it
 * and Fetch streams delay the first word of an answer by a millisecond. Callers
 * read the response and limit its size.
 */
import { once } from 'node:events';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestOverHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestOverHttps } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { SILENCE_CODE } from './translate.ts';

/** Idle time before a connection is closed; long enough for a person's next question. */
const KEEP_ALIVE_MS = 60_000;
/** How long a complete answer may take to end so that its connection can be reused. */
const FINISH_MS = 1_000;

export interface ConnectionOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** The longest silence between two bytes, including before the first. */
  readonly silenceMs: number;
}

/** A server's response, successful or not. */
export interface WireAnswer {
  readonly status: number;
  /** The raw header. */
  readonly retryAfter: string | null;
  readonly body: AsyncIterable<Uint8Array>;
  /** Drains the rest for a moment, so that the connection can be reused. */
  finish(): void;
  /** Closes the connection. */
  hangUp(): void;
}

export interface Connection {
  /** Resolves once the server starts to answer. Throws an error with a code. */
  send(body: ChatCompletionCreateParamsStreaming, signal: AbortSignal): Promise<WireAnswer>;
  /** Aborts running requests. */
  destroy(): void;
}

/** The connection is opened by the first question. */
export async function createConnection({ apiKey, baseUrl, silenceMs }: ConnectionOptions): Promise<Connection> {
  const { url, headers } = await describeRequest(apiKey, baseUrl);
  const [Agent, request] = url.protocol === 'https:' ? [HttpsAgent, requestOverHttps] : [HttpAgent, requestOverHttp];
  const agent = new Agent({ keepAlive: true, timeout: KEEP_ALIVE_MS });
  const options = { ...urlToHttpOptions(url), method: 'POST', agent, timeout: silenceMs };
  return {
    send: async (body, signal) => {
      const bytes = Buffer.from(JSON.stringify(body));
      const asking = request({ ...options, headers: [...headers, 'content-length', String(bytes.length)], signal });
      // Once there is a response, its stream reports errors.
      asking.on('error', () => undefined);
      asking.end(bytes);
      return wireAnswer(await answerTo(asking, silenceMs));
    },
    destroy: () => agent.destroy(),
  };
}

/** The URL and headers of every request; headers as a flat list, which Node writes unchanged. */
async function describeRequest(apiKey: string, baseUrl: string): Promise<{ url: URL; headers: readonly string[] }> {
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl.replace(/\/+$/, ''),
    // Only ved's own settings decide what is sent; the library would read these from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
  });
  const { url, req } = await client.buildRequest({ method: 'post', path: '/chat/completions', body: {} });
  const target = new URL(url);
  return { url: target, headers: ['host', target.host, ...[...new Headers(req.headers)].flat()] };
}

async function answerTo(asking: ClientRequest, silenceMs: number): Promise<IncomingMessage> {
  let answer: IncomingMessage | null = null;
  asking.on('timeout', () =>
    (answer ?? asking).destroy(Object.assign(new Error(`nothing was received for ${silenceMs} ms`), { code: SILENCE_CODE })),
  );
  [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return answer;
}

function wireAnswer(response: IncomingMessage): WireAnswer {
  const body = unpacked(response);
  // An unread response may fail; readers get the error from the stream itself.
  body.on('error', () => undefined);
  const bytes: AsyncIterator<Uint8Array> = body.iterator({ destroyOnReturn: false });
  const hangUp = () => void response.destroy();
  return {
    status: response.statusCode!,
    retryAfter: response.headers['retry-after'] ?? null,
    body: { [Symbol.asyncIterator]: () => bytes },
    hangUp,
    finish: () => {
      if (response.closed) return;
      const timer = setTimeout(hangUp, FINISH_MS).unref();
      response.once('close', () => clearTimeout(timer));
      // The iterator releases the stream only after this turn.
      setImmediate(() => body.resume());
    },
  };
}

/** Some servers compress unasked. The received part of a broken response is decompressed too. */
function unpacked(response: IncomingMessage): Readable {
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  const brotliFlush = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };
  switch (response.headers['content-encoding']?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return pipeline(response, createGunzip(flush), () => undefined);
    case 'deflate':
      return pipeline(response, createInflate(flush), () => undefined);
    case 'br':
      return pipeline(response, createBrotliDecompress(brotliFlush), () => undefined);
    default:
      return response;
  }
}
