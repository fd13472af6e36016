/**
 * Turns the bytes of one stream into text that can be kept and shown: UTF-8
 * decoded across the borders of chunks, what is invalid replaced, at most a
 * given number of bytes kept and the rest counted as dropped.
 */

export class StreamText {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private keptBytes = 0;
  private dropped = false;

  constructor(private readonly limitBytes: number) {}

  /** Whether something was dropped. */
  get truncated(): boolean {
    return this.dropped;
  }

  /** The text of the next bytes; empty when they end inside a character or beyond the limit. */
  write(data: Uint8Array): string {
    if (data.byteLength === 0) return '';
    if (this.dropped) return '';
    return this.keep(this.decoder.decode(data, { stream: true }));
  }

  /** What is left of a character that never ended. */
  end(): string {
    return this.dropped ? '' : this.keep(this.decoder.decode());
  }

  private keep(text: string): string {
    const encoded = Buffer.from(text, 'utf8');
    const room = this.limitBytes - this.keptBytes;
    if (encoded.byteLength <= room) {
      this.keptBytes += encoded.byteLength;
      return text;
    }
    this.dropped = true;
    this.keptBytes = this.limitBytes;
    return encoded.subarray(0, wholeCharacters(encoded, room)).toString('utf8');
  }
}

/** The largest length up to `length` that does not cut a character of UTF-8. */
function wholeCharacters(bytes: Uint8Array, length: number): number {
  let end = length;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
