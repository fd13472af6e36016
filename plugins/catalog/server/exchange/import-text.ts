/** Bytes of a file as text, exactly, or the reason why they are none. */
import { isUtf8 } from 'node:buffer';
import type { ImportRefusal } from '@ved/catalog/contract';

export interface Refusal {
  readonly code: ImportRefusal;
  /** A sentence for a person. */
  readonly detail: string;
}

/** What the decoder puts where bytes are no character. */
const REPLACEMENT = '\ufffd';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);
/** Encoded surrogates (U+D800 to U+DFFF) are ED A0..BF, then one more byte. */
const SURROGATE_LEAD = 0xed;
const FIRST_SURROGATE_SECOND = 0xa0;

/** The text, byte order mark and NUL kept; a refusal that names the first wrong byte. */
export function decodeText(bytes: Buffer): string | Refusal {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const at = firstInvalidByte(bytes);
  const line = bytes.subarray(0, at).toString('latin1').split('\n').length;
  const where = `at byte ${at + 1} (line ${line})`;
  if (bytes[at] === SURROGATE_LEAD && (bytes[at + 1] ?? 0) >= FIRST_SURROGATE_SECOND) {
    return { code: 'lone-surrogate', detail: `It holds half of a character (a surrogate) ${where}, which UTF-8 cannot hold. Remove it.` };
  }
  const byte = `0x${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}`;
  return { code: 'not-utf8', detail: `It is not UTF-8: ${byte} ${where} begins no character. Save it as UTF-8 first.` };
}

/** Where bytes that are not UTF-8 first break it, from 0: the first replacement that was not there before. */
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
