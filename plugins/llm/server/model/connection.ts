/**
 * The connections to the model's server, kept open between questions. `openai`
 * says once what a request looks like; Node's own client sends each, as building
 * it anew and the streams of the Fetch standard cost a millisecond before the
 * first word of an answer. What comes back is for others to read, and to bound.
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

/** A connection that nobody used this long is closed: the next question of a person at work still finds it open. */
const KEEP_ALIVE_MS = 60_000;
/** How long a complete answer's connection may take to end by itself, to be used again. */
const FINISH_MS = 1_000;

export interface ConnectionOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** The longest silence between two bytes, before the first too. */
  readonly silenceMs: number;
}

/** What a server answers, good or bad. */
export interface WireAnswer {
  readonly status: number;
  /** As it was said. */
  readonly retryAfter: string | null;
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets the rest pass, for a moment, so that the connection can be used again. */
  finish(): void;
  /** Closes the connection. */
  hangUp(): void;
}

export interface Connection {
  /** Resolves once the server begins to answer. Throws an error with a code. */
  send(body: ChatCompletionCreateParamsStreaming, signal: AbortSignal): Promise<WireAnswer>;
  /** Breaks off what is under way. */
  destroy(): void;
}

/** Opens nothing yet: the first question does. */
export async function createConnection({ apiKey, baseUrl, silenceMs }: ConnectionOptions): Promise<Connection> {
  const { url, headers } = await describeRequest(apiKey, baseUrl);
  const [Agent, request] = url.protocol === 'https:' ? [HttpsAgent, requestOverHttps] : [HttpAgent, requestOverHttp];
  const agent = new Agent({ keepAlive: true, timeout: KEEP_ALIVE_MS });
  const options = { ...urlToHttpOptions(url), method: 'POST', agent, timeout: silenceMs };
  return {
    send: async (body, signal) => {
      const bytes = Buffer.from(JSON.stringify(body));
      const asking = request({ ...options, headers: [...headers, 'content-length', String(bytes.length)], signal });
      // Once there is an answer, what goes wrong is told by its stream.
      asking.on('error', () => undefined);
      asking.end(bytes);
      return wireAnswer(await answerTo(asking, silenceMs));
    },
    destroy: () => agent.destroy(),
  };
}

/** Where a question goes, and its headers as a flat list, which Node writes as it is; the same for all. */
async function describeRequest(apiKey: string, baseUrl: string): Promise<{ url: URL; headers: readonly string[] }> {
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl.replace(/\/+$/, ''),
    // Nothing but ved's own settings decides what is sent; the library would read these from the environment.
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
    (answer ?? asking).destroy(Object.assign(new Error(`nothing came for ${silenceMs} ms`), { code: SILENCE_CODE })),
  );
  [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return answer;
}

function wireAnswer(response: IncomingMessage): WireAnswer {
  const body = unpacked(response);
  // An answer that nobody reads to its end may break; whoever reads it is told by the stream itself.
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
      // The iterator lets go of the stream after this turn only.
      setImmediate(() => body.resume());
    },
  };
}

/** Some servers compress though they were not asked to. What had come of a broken answer is read too. */
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
