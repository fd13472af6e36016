/**
 * Finds the trailer that a container writes at the end of a stream: `\0NONCE` and
 * numbers. Everything before it, and anything that only looks like it, is the script's
 * output.
 */
export interface Trailer {
  /** Negative for a signal. */
  readonly exitCode: number;
  /** Processes of the container that were killed because memory ran out. */
  readonly oomKills: number;
  readonly peakMemoryBytes: number;
  /** Whether files from `/tmp/out` follow on stdout. */
  readonly files: boolean;
}

const NEWLINE = 10;

export class TrailerScanner {
  private readonly marker: Buffer;
  /** A possible start of the marker, or the marker and what follows. */
  private held: Buffer = Buffer.alloc(0);
  private foundTrailer: Trailer | null = null;
  private piecesAfter: Buffer[] = [];

  constructor(nonce: string) {
    this.marker = Buffer.from(`\0${nonce} `, 'latin1');
  }

  /** The trailer, once it has been read. */
  get trailer(): Trailer | null {
    return this.foundTrailer;
  }

  /** What followed the trailer. */
  get after(): Buffer {
    return Buffer.concat(this.piecesAfter);
  }

  /** Accepts data and returns the part that is the script's output. */
  scan(chunk: Buffer): Buffer {
    if (this.foundTrailer) {
      this.piecesAfter.push(chunk);
      return Buffer.alloc(0);
    }
    const data = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    const found = data.indexOf(this.marker);
    const start = found >= 0 ? found : this.possibleStart(data);
    this.held = data.subarray(start);
    if (found >= 0) this.parse();
    return data.subarray(0, start);
  }

  /** Data held back, if the stream ended without a trailer. */
  rest(): Buffer {
    return this.foundTrailer ? Buffer.alloc(0) : this.held;
  }

  private parse(): void {
    const end = this.held.indexOf(NEWLINE);
    if (end < 0) return;
    this.piecesAfter = [this.held.subarray(end + 1)];
    const words = this.held.toString('latin1', this.marker.length, end).split(' ');
    const [exitCode, oomKills, peakMemoryBytes, files] = words.map(Number);
    this.foundTrailer = { exitCode: exitCode!, oomKills: oomKills!, peakMemoryBytes: peakMemoryBytes!, files: files === 1 };
  }

  /** Where an incomplete marker starts at the end of the data, else the end. */
  private possibleStart(data: Buffer): number {
    const from = Math.max(0, data.length - this.marker.length + 1);
    for (let start = data.indexOf(0, from); start >= 0; start = data.indexOf(0, start + 1)) {
      if (this.marker.subarray(0, data.length - start).equals(data.subarray(start))) return start;
    }
    return data.length;
  }
}
