/**
 * The connections to the model's server, kept open between questions. `openai`
 * says once what a request looks like and turns refusals into its errors;
 * Node's own client sends each, as building it anew and the streams of the
 * Fetch standard cost a millisecond before the first word of an answer.
 */
import { once } from 'node:events';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestOverHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestOverHttps } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { urlToHttpOptions } from 'node:url';
import { APIError, OpenAI } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { SILENCE_CODE } from './translate.ts';

/** A connection that nobody used this long is closed: the next question of a person at work still finds it open. */
const KEEP_ALIVE_MS = 60_000;

export interface ConnectionOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** The longest silence between two bytes, before the first too. */
  readonly silenceMs: number;
}

/** What a server answers; its status was good. */
export interface WireAnswer {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Connection {
  /** Resolves once the server begins to answer. Throws openai's APIError for a refusal, else an error with a code. */
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
      const answer = await answerTo(asking, silenceMs);
      if (answer.statusCode! < 200 || answer.statusCode! >= 300) throw await refusal(answer);
      return { contentType: answer.headers['content-type'] ?? '', body: answer };
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

async function refusal(answer: IncomingMessage): Promise<APIError> {
  const { json, words } = readRefusal(await readText(answer));
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
  return APIError.generate(answer.statusCode, json, words, headers);
}

/** The error of the protocol, or the words of a server that does not speak it. */
function readRefusal(text: string): { json: object | undefined; words: string | undefined } {
  try {
    return { json: JSON.parse(text), words: undefined };
  } catch {
    return { json: undefined, words: text };
  }
}
