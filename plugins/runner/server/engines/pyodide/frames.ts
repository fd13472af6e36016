/** Reads what a child says. Output is passed on as it comes, a frame in parts if need be; what the child says of itself comes whole. */
import type { Readable } from 'node:stream';

export type Frame =
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array }
  | { readonly type: 'ready' }
  | ({ readonly type: 'exit' } & ChildExit);

/** How the child says that the script ended. */
export interface ChildExit {
  readonly exitCode: number;
  readonly reason: string | null;
  /** The script died of a refused request for memory. */
  readonly outOfMemory: boolean;
  readonly peakMemoryBytes: number;
}

const HEADER_BYTES = 5;
/** What the child says of itself is short; more is a broken child. */
const MESSAGE_BYTES = 65536;
const STREAMS: Readonly<Record<number, 'stdout' | 'stderr'>> = { 1: 'stdout', 2: 'stderr' };
const READY = 3;

/** Ends when the child's end is closed, in the midst of a frame or not. Asking for no more holds the child back. */
export async function* readFrames(stream: Readable): AsyncGenerator<Frame, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let kind = 0;
  let missing = 0;
  for await (const chunk of chunksOf(stream)) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const merged = new OutputMerger();
    for (;;) {
      if (missing === 0 && rest.length >= HEADER_BYTES) {
        kind = rest[0]!;
        missing = rest.readUInt32BE(1);
        rest = rest.subarray(HEADER_BYTES);
        if (missing === 0) continue;
      }
      if (missing === 0 || rest.length === 0) break;
      const output = STREAMS[kind];
      if (output) {
        const data = rest.subarray(0, missing);
        rest = rest.subarray(data.length);
        missing -= data.length;
        const done = merged.add(output, data);
        if (done) yield done;
        continue;
      }
      if (missing > MESSAGE_BYTES) throw new Error('a child sent a message that is too long');
      if (rest.length < missing) break;
      const message = JSON.parse(rest.subarray(0, missing).toString());
      rest = rest.subarray(missing);
      missing = 0;
      const before = merged.flush();
      if (before) yield before;
      yield kind === READY ? { type: 'ready' } : { type: 'exit', ...(message as ChildExit) };
    }
    const last = merged.flush();
    if (last) yield last;
  }
}

/** Joins what one stream wrote in several small frames, so that a script that prints much costs few events. */
class OutputMerger {
  #stream: 'stdout' | 'stderr' = 'stdout';
  #parts: Uint8Array[] = [];

  /** What the other stream had written before, if it had. */
  add(stream: 'stdout' | 'stderr', data: Uint8Array): Frame | null {
    const before = stream === this.#stream ? null : this.flush();
    this.#stream = stream;
    this.#parts.push(data);
    return before;
  }

  flush(): Frame | null {
    if (this.#parts.length === 0) return null;
    const data = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    return { type: 'output', stream: this.#stream, data };
  }
}

/** A child that is killed may reset its pipe; that is an end like another. */
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    if (!['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
