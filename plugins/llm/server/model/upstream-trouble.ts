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

/** As much of an upstream's own words as helps. */
const QUOTE_LENGTH = 300;

/** An upstream's own words, as a sentence to append to a detail; empty when it said nothing. */
export function quote(words: string | undefined): string {
  const line = (words ?? '').replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return ` It said: "${line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH)}…` : line}"`;
}
