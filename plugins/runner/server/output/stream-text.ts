/**
 * Turns the bytes of one stream into text: decodes UTF-8 across chunk boundaries,
 * replaces what is invalid, and splits it into the beginning of the stream, up to a
 * limit, and the rest.
 */

/** The text of some bytes; either part may be empty. */
export interface SplitText {
  /** Belongs to the beginning of the stream. */
  readonly head: string;
  /** Comes after it. */
  readonly rest: string;
}

export class StreamText {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private headBytes = 0;
  private isFull = false;
  private lastOfHead = '';

  constructor(private readonly headLimitBytes: number) {}

  /** Whether the beginning, so far, ends with a line end. */
  get headEndsLine(): boolean {
    return this.lastOfHead === '' || this.lastOfHead === '\n';
  }

  /** The text of the next bytes; an incomplete character waits for the next call. */
  write(data: Uint8Array): SplitText {
    return this.split(this.decoder.decode(data, { stream: true }));
  }

  /** The replacement for a character that was never completed. */
  end(): SplitText {
    return this.split(this.decoder.decode());
  }

  private split(text: string): SplitText {
    if (this.isFull || text === '') return { head: '', rest: text };
    const room = this.headLimitBytes - this.headBytes;
    const bytes = Buffer.byteLength(text);
    const split = bytes <= room ? { head: text, rest: '' } : splitAt(text, room);
    this.headBytes += bytes <= room ? bytes : Buffer.byteLength(split.head);
    // Once a character did not fit, a shorter one after it must not be put before it.
    this.isFull = bytes > room;
    this.lastOfHead = split.head.at(-1) ?? this.lastOfHead;
    return split;
  }
}

/** Splits a text after at most `limitBytes` of UTF-8, between characters. */
function splitAt(text: string, limitBytes: number): SplitText {
  const bytes = Buffer.from(text, 'utf8');
  let end = limitBytes;
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return { head: bytes.toString('utf8', 0, end), rest: bytes.toString('utf8', end) };
}

/** The end of a text, at most `limitBytes` of UTF-8, starting at a character boundary. */
export function endOf(text: string, limitBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  let start = Math.max(0, bytes.length - limitBytes);
  while (start < bytes.length && isContinuation(bytes[start])) start += 1;
  return bytes.toString('utf8', start);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
