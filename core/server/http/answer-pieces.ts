/** Sends a long response in pieces, each in its own turn of the event loop, even to a client that reads quickly. */
import { Readable } from 'node:stream';

/** Larger responses are sent in pieces of this size (characters of text), each once the client has read the previous one. */
export const PIECE_LENGTH = 64 * 1024;
/** Texts with at least this many characters are serialised as JSON in pieces. */
const LONG_TEXT_LENGTH = 256 * 1024;

/** A text in a response that is serialised piece by piece. */
export class LongText {
  constructor(readonly text: string) {}
}

export type AnswerPart = string | Uint8Array | LongText;

/** The JSON of a value, with long texts to be serialised later. `mark` must not occur in any text. */
export function jsonParts(value: unknown, mark: string): AnswerPart[] {
  if (!hasLongText(value)) return [JSON.stringify(value)];
  const texts: LongText[] = [];
  const json = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'string' || member.length < LONG_TEXT_LENGTH) return member;
    texts.push(new LongText(member));
    return mark;
  });
  return json.split(`"${mark}"`).flatMap((part, index) => (index === 0 ? [part] : [texts[index - 1]!, part]));
}

/** Searches only as deep as contracts have long texts. */
function hasLongText(value: unknown, depth = 2): boolean {
  if (typeof value === 'string') return value.length >= LONG_TEXT_LENGTH;
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  return Object.values(value).some((each) => hasLongText(each, depth - 1));
}

/** The bytes of the parts, in order. */
export function inPieces(parts: readonly AnswerPart[]): Readable {
  const pieces = piecesOf(parts);
  return new Readable({
    highWaterMark: PIECE_LENGTH,
    read() {
      setImmediate(() => {
        if (!this.destroyed) this.push(pieces.next().value ?? null);
      });
    },
  });
}

/** As `inPieces`, but all at once. */
export function whole(parts: readonly AnswerPart[]): Buffer {
  return Buffer.concat([...piecesOf(parts)]);
}

function* piecesOf(parts: readonly AnswerPart[]): Generator<Buffer, undefined> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield* piecesOfBytes(part);
    else if (typeof part === 'string') yield* piecesOfText(part, (piece) => piece);
    else {
      yield Buffer.from('"');
      yield* piecesOfText(part.text, (piece) => JSON.stringify(piece).slice(1, -1));
      yield Buffer.from('"');
    }
  }
}

function* piecesOfBytes({ buffer, byteOffset, byteLength }: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < byteLength; at += PIECE_LENGTH) yield Buffer.from(buffer, byteOffset + at, Math.min(PIECE_LENGTH, byteLength - at));
}

function* piecesOfText(text: string, form: (piece: string) => string): Generator<Buffer> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + PIECE_LENGTH;
    // Do not split a surrogate pair.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    yield Buffer.from(form(text.slice(start, end)));
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
