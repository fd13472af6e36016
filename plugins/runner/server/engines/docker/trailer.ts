/**
 * Finds the last word of a container at the end of a stream: `\0NONCE` and the
 * numbers behind it. Everything before belongs to the script, as does anything
 * that only looks like it.
 */
export interface Trailer {
  /** Negative for a signal. */
  readonly exitCode: number;
  /** Processes of the container that were killed for want of memory. */
  readonly oomKills: number;
  readonly peakMemoryBytes: number;
  /** Whether what the script left in `/tmp/out` follows on stdout. */
  readonly files: boolean;
}

const NEWLINE = 10;

export class TrailerScanner {
  readonly #marker: Buffer;
  /** What may be the beginning of the marker, or is the marker and what follows. */
  #held: Buffer = Buffer.alloc(0);
  #trailer: Trailer | null = null;
  #after: Buffer[] = [];

  constructor(nonce: string) {
    this.#marker = Buffer.from(`\0${nonce} `, 'latin1');
  }

  /** The last word, once it has come. */
  get trailer(): Trailer | null {
    return this.#trailer;
  }

  /** What came behind the last word. */
  get after(): Buffer {
    return Buffer.concat(this.#after);
  }

  /** Takes what came and returns what of it is the script's. */
  scan(chunk: Buffer): Buffer {
    if (this.#trailer) {
      this.#after.push(chunk);
      return Buffer.alloc(0);
    }
    const data = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const found = data.indexOf(this.#marker);
    const start = found >= 0 ? found : this.#possibleStart(data);
    this.#held = data.subarray(start);
    if (found >= 0) this.#parse();
    return data.subarray(0, start);
  }

  /** What was held back in vain, when the stream ends without a last word. */
  rest(): Buffer {
    return this.#trailer ? Buffer.alloc(0) : this.#held;
  }

  #parse(): void {
    const end = this.#held.indexOf(NEWLINE);
    if (end < 0) return;
    this.#after = [this.#held.subarray(end + 1)];
    const words = this.#held.toString('latin1', this.#marker.length, end).split(' ');
    const [exitCode, oomKills, peakMemoryBytes, files] = words.map(Number);
    this.#trailer = { exitCode: exitCode!, oomKills: oomKills!, peakMemoryBytes: peakMemoryBytes!, files: files === 1 };
  }

  /** Where an incomplete marker begins at the end of the data, else the end. */
  #possibleStart(data: Buffer): number {
    const from = Math.max(0, data.length - this.#marker.length + 1);
    for (let start = data.indexOf(0, from); start >= 0; start = data.indexOf(0, start + 1)) {
      if (this.#marker.subarray(0, data.length - start).equals(data.subarray(start))) return start;
    }
    return data.length;
  }
}
