/**
 * The one place that speaks to the model's server. Callers see text, usage and
 * UpstreamTrouble, never a vendor's class. The libraries are loaded and the
 * connections opened at the first question; the connections stay warm.
 */
import type { Message } from '../../contract/index.ts';
import { type AnswerChunk, readAnswer } from './answer-reader.ts';
import type { Connection, ConnectionOptions, WireAnswer } from './connection.ts';
import { redactor } from './redactor.ts';
import { type Stage, translate } from './translate.ts';

export interface ModelOptions extends ConnectionOptions {
  readonly model: string;
}

/** No answer takes longer; ends an upstream that only ever sends keep-alives. */
const ANSWER_LIMIT_MS = 15 * 60_000;

async function connect(options: ModelOptions): Promise<Connection> {
  const { createConnection } = await import('./connection.ts');
  return createConnection(options);
}

interface Bounded {
  readonly signal: AbortSignal;
  release(): void;
}

/** Fires with `signal`, or at the limit; `release` lets go of both. (`AbortSignal.any` and `.timeout` cost 0.1 ms a question.) */
function withLimit(signal: AbortSignal): Bounded {
  const either = new AbortController();
  const follow = () => either.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow);
  const limit = setTimeout(() => either.abort(new DOMException('The answer took too long.', 'TimeoutError')), ANSWER_LIMIT_MS);
  return {
    signal: either.signal,
    release: () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', follow);
    },
  };
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
    const connection = await this.#connection;
    const bounded = withLimit(signal);
    try {
      return this.#read(await this.#send(connection, messages, bounded.signal), signal, bounded);
    } catch (error) {
      bounded.release();
      throw this.#translated(error, signal, bounded, 'asking');
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection;
    connection?.destroy();
  }

  async #send(connection: Connection, messages: readonly Message[], signal: AbortSignal): Promise<WireAnswer> {
    const body = {
      model: this.options.model,
      messages: [...messages],
      stream: true as const,
      stream_options: { include_usage: true },
      ...(this.#asksForCost ? { usage: { include: true } } : {}),
    };
    try {
      return await connection.send(body, signal);
    } catch (error) {
      if (!this.#asksForCost || !refusesUsage(error)) throw error;
      this.#asksForCost = false;
      return this.#send(connection, messages, signal);
    }
  }

  async *#read(answer: WireAnswer, signal: AbortSignal, bounded: Bounded): AsyncGenerator<AnswerChunk> {
    try {
      yield* readAnswer(answer);
    } catch (error) {
      throw this.#translated(error, signal, bounded, 'reading');
    } finally {
      bounded.release();
    }
  }

  #translated(error: unknown, signal: AbortSignal, bounded: Bounded, stage: Stage): unknown {
    if (signal.aborted) return signal.reason;
    // What is broken off at the limit only says that it was.
    const cause = bounded.signal.aborted ? bounded.signal.reason : error;
    return translate(cause, stage, this.options, redactor(this.options.apiKey));
  }
}

/** Servers that check strictly name the field that they do not know. */
function refusesUsage(error: unknown): boolean {
  const { status, message } = error as { status?: number; message?: string };
  return (status === 400 || status === 422) && /\busage\b/.test(message ?? '');
}
