/** Reads a server's refusal up to a limit; if that fails, only the status is used. */
import type { WireAnswer } from './connection.ts';
import { UpstreamSaid } from './upstream-trouble.ts';
import { wordsOf } from './upstream-words.ts';

/** How much is read; less is shown. */
const LIMIT_BYTES = 64 * 1024;

export function isRefusal({ status }: WireAnswer): boolean {
  return status < 200 || status >= 300;
}

/** Rejects only when `signal` is aborted. */
export async function readRefusal(answer: WireAnswer, signal: AbortSignal): Promise<UpstreamSaid> {
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
