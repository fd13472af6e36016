/**
 * The one place that speaks to the model's server. Callers see text, usage and
 * UpstreamTrouble, never a vendor's class. The libraries are loaded and the
 * connections opened at the first question; the connections stay warm.
 */
import type { OpenAI } from 'openai';
import type { Message } from '../../contract/index.ts';
import { type AnswerChunk, readAnswer } from './answer-reader.ts';
import { redactor } from './redactor.ts';
import { type Stage, translate } from './translate.ts';
import type { WarmFetch } from './warm-fetch.ts';

export interface ModelOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  /** The longest silence between two bytes, before the first too. */
  readonly silenceMs: number;
}

/** No answer takes longer; ends an upstream that only ever sends keep-alives. */
const ANSWER_LIMIT_MS = 15 * 60_000;

interface Connection {
  readonly client: OpenAI;
  readonly warm: WarmFetch;
}

async function connect(options: ModelOptions): Promise<Connection> {
  const [{ OpenAI: Client }, { createWarmFetch }] = await Promise.all([import('openai'), import('./warm-fetch.ts')]);
  const warm = createWarmFetch(options.silenceMs);
  const client = new Client({
    apiKey: options.apiKey,
    baseURL: options.baseUrl.replace(/\/+$/, ''),
    // Nothing but ved's own settings decides what is sent; the library would read these from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    timeout: ANSWER_LIMIT_MS,
    // A second try could be charged twice; the person decides.
    maxRetries: 0,
    fetch: warm.fetch,
  });
  return { client, warm };
}

export class ModelClient {
  #connection: Promise<Connection> | null = null;
  /** OpenRouter's request for the cost; a server that refuses it is not asked again. */
  #asksForCost = true;

  constructor(private readonly options: ModelOptions) {}

  /** The model that is asked; an answer may say that another one gave it. */
  get modelId(): string {
    return this.options.model;
  }

  /**
   * Sends the messages; resolves once the upstream begins to answer. Iterating
   * the result reads the answer. Throws UpstreamTrouble, or the signal's reason.
   */
  async ask(messages: readonly Message[], signal: AbortSignal): Promise<AsyncGenerator<AnswerChunk>> {
    this.#connection ??= connect(this.options);
    const { client } = await this.#connection;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
    try {
      return this.#read(await this.#send(client, messages, bounded), signal);
    } catch (error) {
      throw this.#translated(error, signal, 'asking');
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection;
    await connection?.warm.destroy();
  }

  async #send(client: OpenAI, messages: readonly Message[], signal: AbortSignal): Promise<Response> {
    const body = {
      model: this.options.model,
      messages: [...messages],
      stream: true as const,
      stream_options: { include_usage: true },
      ...(this.#asksForCost ? { usage: { include: true } } : {}),
    };
    try {
      return await client.chat.completions.create(body, { signal }).asResponse();
    } catch (error) {
      if (!this.#asksForCost || !refusesUsage(error)) throw error;
      this.#asksForCost = false;
      return this.#send(client, messages, signal);
    }
  }

  async *#read(response: Response, signal: AbortSignal): AsyncGenerator<AnswerChunk> {
    try {
      yield* readAnswer(response);
    } catch (error) {
      throw this.#translated(error, signal, 'reading');
    }
  }

  #translated(error: unknown, signal: AbortSignal, stage: Stage): unknown {
    if (signal.aborted) return signal.reason;
    return translate(error, stage, this.options, redactor(this.options.apiKey));
  }
}

/** Servers that check strictly name the field that they do not know. */
function refusesUsage(error: unknown): boolean {
  const { status, message } = error as { status?: number; message?: string };
  return (status === 400 || status === 422) && /\busage\b/.test(message ?? '');
}
