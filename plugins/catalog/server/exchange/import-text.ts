/** Decodes the bytes of a file exactly, or says why they are not text. */
import { isUtf8 } from 'node:buffer';
import type { ImportRefusal } from '@ved/catalog/contract';

export interface Refusal {
  readonly code: ImportRefusal;
  /** A sentence for the user. */
  readonly detail: string;
}

/** What the decoder writes in place of invalid bytes. */
const REPLACEMENT = '\ufffd';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);
/** Encoded surrogates (U+D800 to U+DFFF) are ED A0..BF, then one more byte. */
const SURROGATE_LEAD = 0xed;
const FIRST_SURROGATE_SECOND = 0xa0;

/** The text, including a byte order mark and NUL; or a refusal that names the first invalid byte. */
export function decodeText(bytes: Buffer): string | Refusal {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const at = firstInvalidByte(bytes);
  const line = bytes.subarray(0, at).toString('latin1').split('\n').length;
  const where = `at byte ${at + 1} (line ${line})`;
  if (bytes[at] === SURROGATE_LEAD && (bytes[at + 1] ?? 0) >= FIRST_SURROGATE_SECOND) {
    return { code: 'lone-surrogate', detail: `Half a character (a lone surrogate) ${where} is not valid UTF-8. Remove it.` };
  }
  const byte = `0x${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}`;
  return { code: 'not-utf8', detail: `${byte} ${where} is not valid UTF-8. Save the file as UTF-8.` };
}

/** The index of the first invalid byte: where the decoder's first replacement is that the bytes do not contain. */
function firstInvalidByte(bytes: Buffer): number {
  const lossy = bytes.toString('utf8');
  let at = 0;
  for (let from = 0; ; from += REPLACEMENT.length) {
    const next = lossy.indexOf(REPLACEMENT, from);
    at += Buffer.byteLength(lossy.slice(from, next));
    if (!bytes.subarray(at, at + REPLACEMENT_BYTES.length).equals(REPLACEMENT_BYTES)) return at;
    at += REPLACEMENT_BYTES.length;
    from = next;
  }
}
