/** What went wrong at the model's server, said so that a person can act on it. No key is ever part of it. */
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

/** 502: the model's server answered wrongly or not at all. */
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

/** An error as the upstream says it, with its status or inside an answer; `translate` makes trouble of it. Its words may quote the key. */
export class UpstreamSaid extends Error {
  constructor(
    /** Of HTTP; null when none was said. */
    readonly status: number | null,
    readonly words: string,
    /** Of a refusal: all that it says, and when to come back. */
    readonly refusal: { readonly text: string; readonly retryAfter: string | null } | null = null,
  ) {
    super('the upstream said that it failed');
  }
}

/** As much of an upstream's own words as helps. */
const QUOTE_LENGTH = 1000;

/** An upstream's own words, as a sentence to append to a detail; empty when it said nothing. */
export function quote(words: string): string {
  const line = words.toWellFormed().replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return ` It said: "${line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH)}…` : line}"`;
}

export function notTheProtocol(words: string): UpstreamTrouble {
  return new UpstreamTrouble(
    'malformed',
    `The language model sent something that is not the chat completions protocol; check OPENROUTER_BASE_URL.${quote(words)}`,
  );
}
