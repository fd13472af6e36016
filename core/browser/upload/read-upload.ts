/**
 * Reads a file that should become text: it is UTF-8, it can be converted, or it
 * is refused with advice. Text in another encoding is offered for conversion, so
 * that the user decides.
 */
import { decoded, type Encoding, likelyEncodings, UTF8_WITH_MARK, UTF16BE, UTF16LE, utf16WithoutMark } from './encodings.ts';
import { kindOfFile } from './file-kinds.ts';

type UploadReading =
  | { readonly kind: 'text'; readonly text: string }
  /** Not UTF-8; the likeliest encoding first. `certain` when the bytes show which one it is. */
  | { readonly kind: 'convertible'; readonly bytes: Uint8Array; readonly encodings: readonly Encoding[]; readonly certain: boolean }
  /** What the file is and what to do, in a sentence each. */
  | { readonly kind: 'refused'; readonly detail: string };

/** UTF-16 can have twice as many bytes. */
export const LARGEST_FACTOR = 2;

/** Reads the bytes of a file. `limitBytes` counts UTF-8; `convert` checks it for converted text. */
export function readUpload(name: string, bytes: Uint8Array, limitBytes: number): UploadReading {
  if (bytes.length === 0) return refused(`${name} is empty. Load a file with content; to have no test data, delete the text.`);
  const kind = kindOfFile(name, bytes);
  if (kind !== null) return refused(`${name} is ${kind}`);
  const encoding = markedEncoding(bytes) ?? utf16WithoutMark(bytes);
  if (encoding !== null) {
    if (!isWhole(bytes, encoding))
      return refused(`${name} starts as ${encoding.id.toUpperCase()} but is damaged further on. Save it again as CSV UTF-8.`);
    return { kind: 'convertible', bytes, encodings: [encoding], certain: true };
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) return refused(`${name} is not text: byte ${nul + 1} is NUL. Load a text file, such as CSV or JSON in UTF-8.`);
  if (isWhole(bytes, UTF8_WITH_MARK)) {
    if (bytes.length > limitBytes) return refused(tooLarge(name, bytes.length, limitBytes));
    return { kind: 'text', text: decoded(bytes, UTF8_WITH_MARK) };
  }
  return { kind: 'convertible', bytes, encodings: likelyEncodings(bytes), certain: false };
}

/** Decodes a file; throws when it is too large as UTF-8, or has bytes that are invalid in the encoding. */
export function convert(name: string, bytes: Uint8Array, encoding: Encoding, limitBytes: number): string {
  if (!isWhole(bytes, encoding)) throw new Error(`${name} has bytes that are invalid in ${encoding.label}. Choose another encoding.`);
  const text = decoded(bytes, encoding);
  const sizeBytes = new Blob([text]).size;
  if (sizeBytes > limitBytes) throw new Error(tooLarge(name, sizeBytes, limitBytes));
  return text;
}

export function tooLarge(name: string, sizeBytes: number, limitBytes: number): string {
  const size = (bytes: number) => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`;
  return `${name} is ${size(sizeBytes)}, but at most ${size(limitBytes)} can be loaded. Keep only the rows that the script needs, and load that file.`;
}

function refused(detail: string): UploadReading {
  return { kind: 'refused', detail };
}

/** The encoding of the byte order mark, if any. */
function markedEncoding(bytes: Uint8Array): Encoding | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return UTF8_WITH_MARK;
  if (first === 0xff && second === 0xfe) return UTF16LE;
  return first === 0xfe && second === 0xff ? UTF16BE : null;
}

function isWhole(bytes: Uint8Array, { id }: Encoding): boolean {
  try {
    new TextDecoder(id, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
