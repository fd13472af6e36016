/** Reads what a server says when it refuses: bounded, and worth no more than its status when it breaks off. */
import type { WireAnswer } from './connection.ts';
import { UpstreamSaid } from './upstream-trouble.ts';
import { wordsOf } from './upstream-words.ts';

/** As much as is read; a person is shown less. */
const LIMIT_BYTES = 64 * 1024;

export function isRefusal({ status }: WireAnswer): boolean {
  return status < 200 || status >= 300;
}

/** Rejects only when `signal` does not wait any longer. */
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

/** Seconds or a date, as the standard has it; anything else is not passed on. */
function parsedRetryAfter(value: string | null): string | null {
  const said = value?.trim() ?? '';
  return /^(?:\d{1,9}|[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT)$/.test(said) ? said : null;
}
