/**
 * Output after the beginning of a stream is full, held in memory until the run ends:
 * the last bytes of each stream, up to a limit; earlier ones are dropped and counted.
 * The order between the two streams is preserved.
 */
import type { OutputChunk } from '@ved/runner/contract';
import { endOf, type SplitText } from './stream-text.ts';

type Stream = OutputChunk['stream'];

/** A piece of this size is not extended: output is dropped by whole pieces. */
const PIECE_BYTES = 16 * 1024;
/** With this many pieces of a stream, a switch between streams no longer starts a new piece: two streams that alternate byte by byte must not cost an object per byte. */
const MOST_PIECES = 4096;

interface Piece {
  readonly stream: Stream;
  /** Whether it is part of the beginning of its stream, which is never dropped. */
  readonly isHead: boolean;
  readonly order: number;
  readonly parts: string[];
  bytes: number;
}

/** A text of one stream. */
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

  /** Whether anything is held: from then on everything is, to preserve the order. */
  get isHolding(): boolean {
    return this.newest !== null;
  }

  /** Bytes received so far, including dropped ones. */
  get bytes(): number {
    return this.takenBytes;
  }

  take(stream: Stream, { head, rest }: SplitText): void {
    if (head !== '') this.add(stream, head, true);
    if (rest !== '') this.add(stream, rest, false);
  }

  /** The end of what was received, at most `units` UTF-16 units. */
  latest(units: number): string {
    let text = '';
    const newestFirst = [...this.pieces.stdout, ...this.pieces.stderr].sort((a, b) => b.order - a.order);
    for (const { parts } of newestFirst) {
      text = parts.join('') + text;
      if (text.length >= units) break;
    }
    return text.slice(-units).replace(/^[\udc00-\udfff]/, '');
  }

  /** Everything to store, in order. A separate line says how much is missing; `endsLine` says whether the stored beginning ends with a line end. */
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

  /** Whether anything is missing; final after `end`. */
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

  /** Drops the oldest pieces while the rest still reaches the limit. */
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

  /** Cuts the oldest piece to the limit. */
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

/** The line in place of missing output. */
function leftOutLine(bytes: number): string {
  return `[ved: ${bytes} bytes omitted here]\n`;
}
