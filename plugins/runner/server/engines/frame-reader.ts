/**
 * Parses a stream of frames: one byte for the kind, three unused, four for the length
 * (big endian), then the data. This is the format of Docker's attached streams; the
 * embedded interpreter's children use it too.
 */
import type { Readable } from 'node:stream';

/** Part or all of a frame: a long frame comes in several parts, consecutive short ones of a kind as one. */
export interface FramePart {
  readonly kind: number;
  readonly data: Buffer;
}

const HEADER_BYTES = 8;
/** How a stream ends when its writer is killed. */
const ABRUPT_ENDS = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Ends when the stream does, even within a frame. Applies backpressure to the writer. */
export async function* readFrames(stream: Readable): AsyncGenerator<FramePart, void, undefined> {
  const splitter = new FrameSplitter();
  try {
    for await (const chunk of stream) yield* splitter.split(chunk as Buffer);
  } catch (error) {
    if (!ABRUPT_ENDS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

class FrameSplitter {
  /** An incomplete header. */
  private rest: Buffer = Buffer.alloc(0);
  private kind = 0;
  /** Bytes missing of the current frame. */
  private missing = 0;

  *split(chunk: Buffer): Generator<FramePart, void, undefined> {
    let data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let kind = 0;
    let parts: Buffer[] = [];
    while (data.length > 0) {
      if (this.missing === 0) {
        if (data.length < HEADER_BYTES) break;
        this.kind = data[0]!;
        this.missing = data.readUInt32BE(4);
        data = data.subarray(HEADER_BYTES);
        continue;
      }
      if (kind !== this.kind && parts.length > 0) {
        yield { kind, data: joined(parts) };
        parts = [];
      }
      kind = this.kind;
      const part = data.subarray(0, this.missing);
      parts.push(part);
      this.missing -= part.length;
      data = data.subarray(part.length);
    }
    this.rest = data;
    if (parts.length > 0) yield { kind, data: joined(parts) };
  }
}

function joined(parts: Buffer[]): Buffer {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
