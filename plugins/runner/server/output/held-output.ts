/**
 * What a run wrote after the beginning of a stream was full, held until the run
 * ends: of each stream its last bytes, of a given size; what came before them is
 * dropped and counted. Both streams keep their order among each other, so that
 * what was written last is also the last to be read.
 */
import type { OutputChunk } from '@ved/runner/contract';
import { endOf, type Parted } from './stream-text.ts';

type Stream = OutputChunk['stream'];

/** Bytes of a piece beyond which the next text begins another: what is dropped goes by whole pieces. */
const PIECE_BYTES = 16 * 1024;
/** Pieces of a stream beyond which its text no longer begins another when the other stream wrote in between: two streams that alternate byte by byte must not cost an object each. */
const MOST_PIECES = 4096;

interface Piece {
  readonly stream: Stream;
  /** Of the beginning of its stream, which is never dropped. */
  readonly isHead: boolean;
  readonly order: number;
  readonly parts: string[];
  bytes: number;
}

/** A text of one stream, in the order in which all of it is read. */
export interface HeldText {
  readonly stream: Stream;
  readonly text: string;
}

export class HeldOutput {
  private readonly pieces: Record<Stream, Piece[]> = { stdout: [], stderr: [] };
  private readonly endBytes: Record<Stream, number> = { stdout: 0, stderr: 0 };
  private readonly droppedBytes: Record<Stream, number> = { stdout: 0, stderr: 0 };
  private newest: Piece | null = null;
  private order = 0;
  private takenBytes = 0;

  constructor(private readonly limitBytes: number) {}

  /** Whether anything was taken: from then on everything is held, as nothing may overtake it. */
  get isHolding(): boolean {
    return this.newest !== null;
  }

  /** How much was taken so far, what was dropped since included. */
  get bytes(): number {
    return this.takenBytes;
  }

  take(stream: Stream, { head, rest }: Parted): void {
    if (head !== '') this.add(stream, head, true);
    if (rest !== '') this.add(stream, rest, false);
  }

  /** The last of what was taken, as it came: at most so many UTF-16 units. */
  latest(units: number): string {
    let text = '';
    const newestFirst = [...this.pieces.stdout, ...this.pieces.stderr].sort((a, b) => b.order - a.order);
    for (const { parts } of newestFirst) {
      text = parts.join('') + text;
      if (text.length >= units) break;
    }
    return text.slice(-units).replace(/^[\udc00-\udfff]/, '');
  }

  /** All that is kept, in order. Where something is missing, a line of its own says how much; `endsLine` says whether one has to be ended first. */
  end(endsLine: Record<Stream, boolean>): HeldText[] {
    const texts: (HeldText & { readonly order: number })[] = [];
    for (const stream of ['stdout', 'stderr'] as const) {
      this.trim(stream);
      const dropped = this.droppedBytes[stream];
      const firstOfEnd = this.pieces[stream].find(({ isHead }) => !isHead);
      for (const piece of this.pieces[stream]) {
        const marker = piece === firstOfEnd && dropped > 0 ? `${endsLine[stream] ? '' : '\n'}${leftOutLine(dropped)}` : '';
        texts.push({ stream, text: marker + piece.parts.join(''), order: piece.order });
      }
    }
    return texts.sort((a, b) => a.order - b.order);
  }

  /** Whether anything is missing; known for good once it has ended. */
  get hasDropped(): boolean {
    return this.droppedBytes.stdout + this.droppedBytes.stderr > 0;
  }

  private add(stream: Stream, text: string, isHead: boolean): void {
    const bytes = Buffer.byteLength(text);
    this.takenBytes += bytes;
    const pieces = this.pieces[stream];
    let piece = pieces.length < MOST_PIECES ? this.newest : (pieces.at(-1) ?? null);
    if (piece === null || piece.stream !== stream || piece.isHead !== isHead || piece.bytes >= PIECE_BYTES) {
      this.order += 1;
      piece = { stream, isHead, order: this.order, parts: [], bytes: 0 };
      this.newest = piece;
      pieces.push(piece);
    }
    piece.parts.push(text);
    piece.bytes += bytes;
    if (!isHead) {
      this.endBytes[stream] += bytes;
      this.dropWhole(stream);
    }
  }

  /** Drops the oldest pieces that are not needed to have enough. */
  private dropWhole(stream: Stream): void {
    const pieces = this.pieces[stream];
    while (this.endBytes[stream] > this.limitBytes) {
      const oldest = pieces.findIndex(({ isHead }) => !isHead);
      const { bytes } = pieces[oldest]!;
      if (this.endBytes[stream] - bytes < this.limitBytes) return;
      pieces.splice(oldest, 1);
      this.endBytes[stream] -= bytes;
      this.droppedBytes[stream] += bytes;
    }
  }

  /** Cuts the oldest piece, so that no more than the limit is left. */
  private trim(stream: Stream): void {
    const surplus = this.endBytes[stream] - this.limitBytes;
    if (surplus <= 0) return;
    const oldest = this.pieces[stream].find(({ isHead }) => !isHead)!;
    const text = endOf(oldest.parts.join(''), oldest.bytes - surplus);
    const dropped = oldest.bytes - Buffer.byteLength(text);
    oldest.parts.splice(0, oldest.parts.length, text);
    oldest.bytes -= dropped;
    this.endBytes[stream] -= dropped;
    this.droppedBytes[stream] += dropped;
  }
}

/** What stands where something is missing. */
function leftOutLine(bytes: number): string {
  return `[ved: ${bytes} bytes are left out here]\n`;
}
