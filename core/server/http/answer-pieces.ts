/** Sends a long answer in pieces, each in a turn of the event loop of its own: a client that reads quickly would have all of it in one. */
import { Readable } from 'node:stream';

/** Larger answers leave in pieces of this size (of text, as many characters), each when the client took the one before. */
export const PIECE_LENGTH = 64 * 1024;
/** Characters from which a text is written as JSON in pieces. */
const LONG_TEXT_LENGTH = 256 * 1024;

/** A text of an answer that becomes JSON piece by piece. */
export class LongText {
  constructor(readonly text: string) {}
}

export type AnswerPart = string | Uint8Array | LongText;

/** The JSON of a value, its long texts left to be written when their turn comes. `mark` is what no text has in it. */
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

/** Looks as deep as the long texts of a contract lie. */
function hasLongText(value: unknown, depth = 2): boolean {
  if (typeof value === 'string') return value.length >= LONG_TEXT_LENGTH;
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  return Object.values(value).some((each) => hasLongText(each, depth - 1));
}

/** The bytes of the parts one after another. */
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

/** As `inPieces`, all there at once. */
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
    // Half a character is none.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    yield Buffer.from(form(text.slice(start, end)));
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
