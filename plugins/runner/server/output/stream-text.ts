/**
 * Turns the bytes of one stream into text that can be kept and shown: UTF-8
 * decoded across the borders of chunks, what is invalid replaced, and parted
 * into the beginning of the stream, of a given size, and what comes after it.
 */

/** The text of some bytes: either part may be empty. */
export interface Parted {
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

  /** Whether the beginning, as far as it is there, ends with a line. */
  get headEndsLine(): boolean {
    return this.lastOfHead === '' || this.lastOfHead === '\n';
  }

  /** The text of the next bytes; empty when they end inside a character. */
  write(data: Uint8Array): Parted {
    return this.part(this.decoder.decode(data, { stream: true }));
  }

  /** What is left of a character that never ended. */
  end(): Parted {
    return this.part(this.decoder.decode());
  }

  private part(text: string): Parted {
    if (this.isFull || text === '') return { head: '', rest: text };
    const room = this.headLimitBytes - this.headBytes;
    const bytes = Buffer.byteLength(text);
    const parted = bytes <= room ? { head: text, rest: '' } : partAt(text, room);
    this.headBytes += bytes <= room ? bytes : Buffer.byteLength(parted.head);
    // Once a character did not fit, no shorter one that comes later may go before it.
    this.isFull = bytes > room;
    this.lastOfHead = parted.head.at(-1) ?? this.lastOfHead;
    return parted;
  }
}

/** Parts a text after at most so many bytes of UTF-8, between characters. */
function partAt(text: string, limitBytes: number): Parted {
  const bytes = Buffer.from(text, 'utf8');
  let end = limitBytes;
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return { head: bytes.toString('utf8', 0, end), rest: bytes.toString('utf8', end) };
}

/** The last part of a text, of at most so many bytes of UTF-8, beginning with a character. */
export function endOf(text: string, limitBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  let start = Math.max(0, bytes.length - limitBytes);
  while (start < bytes.length && isContinuation(bytes[start])) start += 1;
  return bytes.toString('utf8', start);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
