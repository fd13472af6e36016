/**
 * The only module that talks to the model's server. Callers see text, usage and
 * UpstreamTrouble, never a vendor's class. The libraries are loaded and the
 * connections opened by the first question; the connections stay open.
 */

import type { Message } from '../../contract/index.ts';
import { type AnswerChunk, readAnswer } from './answer-reader.ts';
import type { Connection, ConnectionOptions, WireAnswer } from './connection.ts';
import { type Stage, translate } from './translate.ts';
import { UpstreamSaid } from './upstream-trouble.ts';
import { wordsOf } from './upstream-words.ts';

export interface ModelOptions extends ConnectionOptions {
  readonly model: string;
}

/** No answer takes longer; stops an upstream that only sends keep-alives. */
const ANSWER_LIMIT_MS = 15 * 60_000;

async function connect(options: ModelOptions): Promise<Connection> {
  const { createConnection } = await import('./connection.ts');
  return createConnection(options);
}

interface Bounded {
  readonly signal: AbortSignal;
  release(): void;
}

/** Fires with `signal`, or at the limit; `release` frees both. (`AbortSignal.any` and `.timeout` cost 0.1 ms a question.) */
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

/** A shorter key is not a secret but a placeholder, such as `none` or `ollama` for a server without keys, and may appear in answers. */
const SECRET_LENGTH = 16;

/** Request members that not every server knows. `usage` asks OpenRouter for the cost. */
const OPTIONAL = { usage: { include: true }, stream_options: { include_usage: true } } as const;

export class ModelClient {
  private connection: Promise<Connection> | null = null;
  /** Members that the server refused are not sent again. */
  private readonly asksFor = new Set(Object.keys(OPTIONAL) as (keyof typeof OPTIONAL)[]);
  private readonly redact: (text: string) => string;

  constructor(private readonly options: ModelOptions) {
    this.redact = redactor(options.apiKey);
  }

  /** The requested model; an answer may name a different one. */
  get modelId(): string {
    return this.options.model;
  }

  /**
   * Sends the messages; resolves once the upstream starts to answer. Iterating
   * the result reads the answer. Throws UpstreamTrouble, or the signal's reason.
   */
  async ask(messages: readonly Message[], signal: AbortSignal): Promise<AsyncGenerator<AnswerChunk>> {
    this.connection ??= connect(this.options);
    const connection = await this.connection;
    const bounded = withLimit(signal);
    try {
      return this.read(await this.send(connection, messages, bounded.signal), signal, bounded);
    } catch (error) {
      bounded.release();
      throw this.translated(error, signal, bounded, 'asking');
    }
  }

  async close(): Promise<void> {
    const connection = await this.connection;
    connection?.destroy();
  }

  private async send(connection: Connection, messages: readonly Message[], signal: AbortSignal): Promise<WireAnswer> {
    const asked = [...this.asksFor];
    const optional = Object.fromEntries(asked.map((member) => [member, OPTIONAL[member]]));
    try {
      const answer = await connection.send({ model: this.options.model, messages: [...messages], stream: true, ...optional }, signal);
      if (isRefusal(answer)) throw await readRefusal(answer, signal);
      return answer;
    } catch (error) {
      const refused = asked.filter((member) => refuses(error, member));
      if (refused.length === 0) throw error;
      for (const member of refused) this.asksFor.delete(member);
      return this.send(connection, messages, signal);
    }
  }

  private async *read(answer: WireAnswer, signal: AbortSignal, bounded: Bounded): AsyncGenerator<AnswerChunk> {
    try {
      for await (const chunk of readAnswer(answer, () => signal.aborted)) yield this.withoutKey(chunk);
    } catch (error) {
      throw this.translated(error, signal, bounded, 'reading');
    } finally {
      bounded.release();
    }
  }

  /** An upstream that echoes the request would echo the key. */
  private withoutKey(chunk: AnswerChunk): AnswerChunk {
    const { apiKey } = this.options;
    if (apiKey.length < SECRET_LENGTH) return chunk;
    if (!chunk.text.includes(apiKey) && !chunk.model?.includes(apiKey)) return chunk;
    return { ...chunk, text: chunk.text.replaceAll(apiKey, '…'), model: chunk.model?.replaceAll(apiKey, '…') ?? null };
  }

  private translated(error: unknown, signal: AbortSignal, bounded: Bounded, stage: Stage): unknown {
    if (signal.aborted) return signal.reason;
    // After an abort the error says only that it was aborted.
    const cause = bounded.signal.aborted ? bounded.signal.reason : error;
    return translate(cause, stage, this.options, this.redact);
  }
}

/** Strict servers name the member that they do not know. */
function refuses(error: unknown, member: string): boolean {
  if (!(error instanceof UpstreamSaid) || error.refusal === null) return false;
  return (error.status === 400 || error.status === 422) && new RegExp(`\\b${member}\\b`).test(error.refusal.text);
}

/** How much is read; less is shown. */
const LIMIT_BYTES = 64 * 1024;

function isRefusal({ status }: WireAnswer): boolean {
  return status < 200 || status >= 300;
}

/** Rejects only when `signal` is aborted. */
async function readRefusal(answer: WireAnswer, signal: AbortSignal): Promise<UpstreamSaid> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const bytes of answer.body) {
      parts.push(bytes);
      sizeBytes += bytes.length;
      if (sizeBytes > LIMIT_BYTES) break;
    }
    answer.finish();
  } catch {
    signal.throwIfAborted();
  } finally {
    if (sizeBytes > LIMIT_BYTES) answer.hangUp();
  }
  const text = new TextDecoder().decode(Buffer.concat(parts).subarray(0, LIMIT_BYTES));
  return new UpstreamSaid(answer.status, wordsOf(text), { text, retryAfter: parsedRetryAfter(answer.retryAfter) });
}

/** Seconds or a date, as in the standard; anything else is dropped. */
function parsedRetryAfter(value: string | null): string | null {
  const said = value?.trim() ?? '';
  return /^(?:\d{1,9}|[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT)$/.test(said) ? said : null;
}

/** A match of this many characters is not a coincidence. */
const PIECE_LENGTH = 8;

function redactor(apiKey: string): (text: string) => string {
  const forms = [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString('base64').replace(/=+$/, '')];
  return (text) => {
    let safe = text;
    for (const form of forms) safe = safe.replaceAll(form, '…');
    safe = safe.replace(/\b(?:Bearer\s+|sk-)[\w.*-]{4,}/g, '…');
    return safe.replace(/[\w-]{8,}/g, (piece) => (piece.length >= PIECE_LENGTH && apiKey.includes(piece) ? '…' : piece));
  };
}
