/**
 * Reads a file that a person gave for a text: it is UTF-8, or it can be made
 * so, or it is refused with what to do. Decides nothing that the person should:
 * a text in another encoding is offered, not taken.
 */
import { decoded, type Encoding, likelyEncodings, UTF8_WITH_MARK, UTF16BE, UTF16LE, utf16WithoutMark } from './encodings.ts';
import { kindOfFile } from './file-kinds.ts';

type UploadReading =
  | { readonly kind: 'text'; readonly text: string }
  /** Not UTF-8 as it is; the likeliest encoding first. `certain` when the file says which it is. */
  | { readonly kind: 'convertible'; readonly bytes: Uint8Array; readonly encodings: readonly Encoding[]; readonly certain: boolean }
  /** A sentence that says what the file is, and one that says what to do. */
  | { readonly kind: 'refused'; readonly detail: string };

/** UTF-16 has up to twice the bytes. */
export const LARGEST_FACTOR = 2;

/** Reads the bytes of a file. `limitBytes` is of UTF-8, and holds for what is converted too: `convert` checks it. */
export function readUpload(name: string, bytes: Uint8Array, limitBytes: number): UploadReading {
  if (bytes.length === 0) return refused(`${name} is empty. Load a file that has something in it; to have no test data, delete the text.`);
  const kind = kindOfFile(name, bytes);
  if (kind !== null) return refused(`${name} is ${kind}`);
  const encoding = markedEncoding(bytes) ?? utf16WithoutMark(bytes);
  if (encoding !== null) {
    if (!isWhole(bytes, encoding))
      return refused(`${name} begins as ${encoding.id.toUpperCase()} and is broken further on. Save it anew as CSV UTF-8.`);
    return { kind: 'convertible', bytes, encodings: [encoding], certain: true };
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    return refused(
      `${name} is no text: its byte ${nul + 1} is NUL, which text does not have. Load a text file, such as CSV or JSON in UTF-8.`,
    );
  if (isWhole(bytes, UTF8_WITH_MARK)) {
    if (bytes.length > limitBytes) return refused(tooLarge(name, bytes.length, limitBytes));
    return { kind: 'text', text: decoded(bytes, UTF8_WITH_MARK) };
  }
  return { kind: 'convertible', bytes, encodings: likelyEncodings(bytes), certain: false };
}

/** The text of a file in an encoding; throws when it is too large as UTF-8, or has bytes that the encoding has not. */
export function convert(name: string, bytes: Uint8Array, encoding: Encoding, limitBytes: number): string {
  if (!isWhole(bytes, encoding)) throw new Error(`${name} has bytes that ${encoding.label} does not have. Choose another encoding.`);
  const text = decoded(bytes, encoding);
  const sizeBytes = new Blob([text]).size;
  if (sizeBytes > limitBytes) throw new Error(tooLarge(name, sizeBytes, limitBytes));
  return text;
}

export function tooLarge(name: string, sizeBytes: number, limitBytes: number): string {
  const size = (bytes: number) => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`;
  return `${name} is ${size(sizeBytes)}, and at most ${size(limitBytes)} can be loaded. Keep the rows that the script needs, and load that file.`;
}

function refused(detail: string): UploadReading {
  return { kind: 'refused', detail };
}

/** What a byte order mark says. */
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
