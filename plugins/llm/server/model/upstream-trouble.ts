/** Failures of the model's server, in words that a person can act on. They never contain the key. */
import { BadGateway } from '@ved/core/contract';

export type TroubleReason =
  | 'unreachable'
  | 'key-refused'
  | 'out-of-credit'
  | 'unknown-model'
  | 'rate-limited'
  | 'refused'
  | 'failing'
  | 'silent'
  | 'malformed'
  | 'truncated'
  | 'filtered'
  | 'empty'
  | 'too-long';

/** 502: the model's server failed or sent an invalid response. */
export class UpstreamTrouble extends BadGateway {
  constructor(
    readonly reason: TroubleReason,
    detail: string,
    options: { cause?: unknown; upstreamStatus?: number; retryAfter?: string | null } = {},
  ) {
    super('llm/upstream', detail, {
      cause: options.cause,
      data: { reason, ...(options.upstreamStatus === undefined ? {} : { upstream_status: options.upstreamStatus }) },
      ...(options.retryAfter ? { headers: { 'Retry-After': options.retryAfter } } : {}),
    });
  }
}

/** An error as reported by the upstream, with a status or inside an answer; `translate` turns it into UpstreamTrouble. It may quote the key. */
export class UpstreamSaid extends Error {
  constructor(
    /** The HTTP status; null when there was none. */
    readonly status: number | null,
    readonly words: string,
    /** For a refusal: its full text, and when to retry. */
    readonly refusal: { readonly text: string; readonly retryAfter: string | null } | null = null,
  ) {
    super('the upstream reported an error');
  }
}

/** Characters of an upstream's text to quote. */
const QUOTE_LENGTH = 1000;

/** Quotes an upstream's text as a sentence to append to a detail; empty when there is none. */
export function quote(words: string): string {
  const line = words.toWellFormed().replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return ` It said: "${line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH)}…` : line}"`;
}

export function notTheProtocol(words: string): UpstreamTrouble {
  return new UpstreamTrouble(
    'malformed',
    `The language model sent something that is not the chat completions protocol. Check OPENROUTER_BASE_URL.${quote(words)}`,
  );
}
