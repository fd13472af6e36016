/**
 * Turns whatever the client library or the network threw into UpstreamTrouble.
 * What an upstream wrote is never kept as a cause: causes are logged, and it
 * may quote the key.
 */
import type { APIError } from 'openai';
import { quote, UpstreamTrouble } from './upstream-trouble.ts';

interface Asked {
  readonly baseUrl: string;
  readonly model: string;
}

function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** Whether the upstream had begun to answer. */
export type Stage = 'asking' | 'reading';

export function translate(error: unknown, stage: Stage, asked: Asked, redact: (text: string) => string): UpstreamTrouble {
  if (error instanceof UpstreamTrouble) return new UpstreamTrouble(error.reason, redact(error.message));
  if (hasStatus(error)) return fromStatus(error, error.status, asked, redact);
  return fromNetwork(error, stage, asked);
}

/** The library is loaded at the first question only, so that its classes are not at hand here. */
function hasStatus(error: unknown): error is APIError & { status: number } {
  return error instanceof Error && typeof (error as { status?: unknown }).status === 'number';
}

function fromNetwork(error: unknown, stage: Stage, asked: Asked): UpstreamTrouble {
  const code = codeOf(error);
  const { host } = new URL(asked.baseUrl);
  if (isTimeout(error))
    return new UpstreamTrouble('silent', `The language model at ${host} fell silent and was given up; ask again.`, { cause: error });
  if (stage === 'reading')
    return new UpstreamTrouble(
      'truncated',
      `The connection to the language model at ${host} broke in the middle of its answer; ask again.`,
      {
        cause: error,
      },
    );
  return new UpstreamTrouble(
    'unreachable',
    `The language model at ${host} cannot be reached${code ? ` (${code})` : ''}; check OPENROUTER_BASE_URL and the network.`,
    { cause: error },
  );
}

/** What the connection calls it when nothing came for longer than is waited. */
export const SILENCE_CODE = 'SILENCE';

/** Silence between bytes, or the limit of the whole answer. */
function isTimeout(error: unknown): boolean {
  return codeOf(error) === SILENCE_CODE || (error as { name?: unknown }).name === 'TimeoutError';
}

function fromStatus(error: APIError, status: number, asked: Asked, redact: (text: string) => string): UpstreamTrouble {
  const options = { upstreamStatus: status, retryAfter: error.headers?.get('retry-after') ?? null };
  const { host } = new URL(asked.baseUrl);
  // A refusal of the key may quote it, in part too: none of its words are passed on.
  if (status === 401 || status === 403)
    return new UpstreamTrouble(
      'key-refused',
      `The language model at ${host} refused the key (${status}); check OPENROUTER_API_KEY.`,
      options,
    );
  const said = quote(redact(messageOf(error) ?? ''));
  if (status === 402) return new UpstreamTrouble('out-of-credit', `The account at ${host} has no credit left; top it up.${said}`, options);
  if (status === 404)
    return new UpstreamTrouble(
      'unknown-model',
      `${host} does not know the model ${asked.model}; check VED_LLM_MODEL and OPENROUTER_BASE_URL.${said}`,
      options,
    );
  if (status === 429)
    return new UpstreamTrouble(
      'rate-limited',
      `The language model at ${host} takes no more questions for now; wait and ask again.${said}`,
      options,
    );
  if (status >= 500) return new UpstreamTrouble('failing', `The language model at ${host} failed (${status}); ask again.${said}`, options);
  return new UpstreamTrouble('refused', `The language model at ${host} refused the request (${status}).${said}`, options);
}

function messageOf(error: APIError): string | undefined {
  const said = (error.error as { message?: unknown } | undefined)?.message;
  return typeof said === 'string' ? said : undefined;
}
