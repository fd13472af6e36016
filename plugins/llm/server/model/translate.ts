/**
 * Turns upstream errors and network errors into UpstreamTrouble. An upstream's
 * text is never kept as a cause: causes are logged, and it may quote the key.
 */
import { quote, type TroubleReason, UpstreamSaid, UpstreamTrouble } from './upstream-trouble.ts';

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

/** Whether the upstream had started to answer. */
export type Stage = 'asking' | 'reading';

export function translate(error: unknown, stage: Stage, asked: Asked, redact: (text: string) => string): UpstreamTrouble {
  if (error instanceof UpstreamTrouble) return new UpstreamTrouble(error.reason, redact(error.message));
  if (error instanceof UpstreamSaid) return fromUpstream(error, asked, redact);
  return fromNetwork(error, stage, asked);
}

function fromNetwork(error: unknown, stage: Stage, asked: Asked): UpstreamTrouble {
  const code = codeOf(error);
  const { host } = new URL(asked.baseUrl);
  if (isTimeout(error))
    return new UpstreamTrouble('silent', `The language model at ${host} stopped responding. Ask again.`, { cause: error });
  if (code?.startsWith('Z_') || code?.startsWith('ERR_BROTLI') || code?.startsWith('ERR__ERROR_FORMAT'))
    return new UpstreamTrouble(
      'malformed',
      `The language model at ${host} sent an answer that cannot be decompressed (${code}). Ask again.`,
      {
        cause: error,
      },
    );
  if (code?.startsWith('HPE_'))
    return new UpstreamTrouble('malformed', `The server at ${host} does not speak HTTP (${code}). Check OPENROUTER_BASE_URL.`, {
      cause: error,
    });
  if (stage === 'reading')
    return new UpstreamTrouble(
      'truncated',
      `The connection to the language model at ${host} broke in the middle of its answer. Ask again.`,
      {
        cause: error,
      },
    );
  return new UpstreamTrouble(
    'unreachable',
    `The language model at ${host} cannot be reached${code ? ` (${code})` : ''}. Check OPENROUTER_BASE_URL and the network.`,
    { cause: error },
  );
}

/** The connection's error code for a silence timeout. */
export const SILENCE_CODE = 'SILENCE';

/** Silence between bytes, or the time limit of the whole answer. */
function isTimeout(error: unknown): boolean {
  return codeOf(error) === SILENCE_CODE || (error as { name?: unknown }).name === 'TimeoutError';
}

/** Matches a 403 about the question, not about the key. */
const MODERATED = /\b(?:moderation|moderated|flagged|content|policy|policies|safety|guardrail|unsafe|region|country|territory)\b/i;

/** An error reported with an HTTP status, or inside an answer with or without one. */
function fromUpstream({ status, words, refusal }: UpstreamSaid, asked: Asked, redact: (text: string) => string): UpstreamTrouble {
  const { host } = new URL(asked.baseUrl);
  const said = quote(redact(words));
  const trouble = (reason: TroubleReason, detail: string) =>
    new UpstreamTrouble(reason, detail, {
      ...(status === null ? {} : { upstreamStatus: status }),
      retryAfter: refusal?.retryAfter ?? null,
    });
  if (status === null) return trouble('failing', `The language model stopped with an error. Ask again.${said}`);
  // A refusal of the key may quote it, even partly: none of its text is passed on.
  if (status === 401 || (status === 403 && !MODERATED.test(words)))
    return trouble('key-refused', `The language model at ${host} refused the API key (${status}). Check OPENROUTER_API_KEY.`);
  if (status === 402) return trouble('out-of-credit', `The account at ${host} has no credit left. Top it up.${said}`);
  if (status === 404)
    return trouble('unknown-model', `${host} does not know the model ${asked.model}. Check VED_LLM_MODEL and OPENROUTER_BASE_URL.${said}`);
  if (status === 429) return trouble('rate-limited', `The language model at ${host} is rate limiting requests. Wait and ask again.${said}`);
  if (status < 400) return trouble('refused', `${host} redirects elsewhere (${status}). Check OPENROUTER_BASE_URL.`);
  if (status >= 500 || status === 408) return trouble('failing', `The language model at ${host} failed (${status}). Ask again.${said}`);
  return trouble('refused', `The language model at ${host} refused the request (${status}).${said}`);
}
