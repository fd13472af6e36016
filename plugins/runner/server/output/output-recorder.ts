/**
 * Passes the output of one run to the store: decoded, capped and appended in batches,
 * so that a line does not cost a transaction. Nothing is shown before it is durable;
 * memory is bounded, because the writer waits for the store. The beginning and the
 * end of each stream are stored. Once the beginning of one is full, all output is held
 * back until the run ends, so that it is read in the order in which it was written.
 */

import type { HeldTail, OutputChunk } from '@ved/runner/contract';
import { plainText } from '@ved/runner/contract';
import { HeldOutput } from './held-output.ts';
import { type SplitText, StreamText } from './stream-text.ts';

/** Stored of the beginning, and of the end, of each stream. */
export const STORED_BYTES_EACH = 512 * 1024;
/** Output waits this long for more: too short to notice, and long enough that a short run ends within it and needs no separate write. */
const GATHER_MS = 40;
/** Between two reports of held output: as fast as a person reads. */
const HELD_PACE_MS = 200;
/** UTF-16 units beyond which the writer waits for the store. */
const WAITING_LIMIT_UNITS = 256 * 1024;
/** UTF-16 units in one chunk: up to 64 KiB of ordinary text. */
const CHUNK_UNITS = 64 * 1024;
/** UTF-16 units of held output shown in the meantime: about a screen. */
const LATEST_UNITS = 4096;

interface Piece {
  readonly stream: OutputChunk['stream'];
  readonly parts: string[];
}

export class OutputRecorder {
  private readonly texts = { stdout: new StreamText(STORED_BYTES_EACH), stderr: new StreamText(STORED_BYTES_EACH) };
  private readonly held = new HeldOutput(STORED_BYTES_EACH);
  private readonly lastError = new LastLine();
  private pieces: Piece[] = [];
  private waitingUnits = 0;
  private timer: NodeJS.Timeout | null = null;
  private heldTimer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  private failure: unknown = null;
  /** What the store refused, and what came after it: stored with the outcome. */
  private refused: readonly OutputChunk[] = [];

  constructor(
    private nextSeq: number,
    private readonly append: (chunks: readonly OutputChunk[]) => Promise<void>,
    /** Called a few times a second while output is held. */
    private readonly onHeld: (held: HeldTail) => void = () => undefined,
  ) {}

  /** Whether anything is missing between the beginning and the end of a stream; final after `end`. */
  get truncated(): boolean {
    return this.held.hasDropped;
  }

  /** The last line of stderr; null if empty. */
  get errorLine(): string | null {
    return this.lastError.line;
  }

  /** Accepts output; resolves when it can take more. Throws if the store failed. */
  async write(stream: OutputChunk['stream'], data: Uint8Array): Promise<void> {
    this.take(stream, this.texts[stream].write(data));
    if (this.waitingUnits >= WAITING_LIMIT_UNITS) await this.flush();
    else if (this.waitingUnits > 0 && this.timer === null) this.timer = setTimeout(() => void this.flush(), GATHER_MS);
    if (this.failure !== null) throw this.failure;
  }

  /** Ends both streams and returns what has not been appended yet, to be stored in one step with the outcome. */
  async end(): Promise<readonly OutputChunk[]> {
    this.stopTimer();
    await this.flushing;
    this.take('stdout', this.texts.stdout.end());
    this.take('stderr', this.texts.stderr.end());
    if (this.heldTimer !== null) clearTimeout(this.heldTimer);
    const endsLine = { stdout: this.texts.stdout.headEndsLine, stderr: this.texts.stderr.headEndsLine };
    for (const { stream, text } of this.held.end(endsLine)) this.add(stream, text);
    return [...this.refused, ...this.takePieces()];
  }

  private take(stream: OutputChunk['stream'], { head, rest }: SplitText): void {
    if (stream === 'stderr') this.lastError.take(head + rest);
    const isHolding = this.held.isHolding;
    if (!isHolding) this.add(stream, head);
    if (!isHolding && rest === '') return;
    this.held.take(stream, { head: isHolding ? head : '', rest });
    this.heldTimer ??= setTimeout(() => {
      this.heldTimer = null;
      this.onHeld({ bytes: this.held.bytes, latest: this.held.latest(LATEST_UNITS) });
    }, HELD_PACE_MS);
  }

  private add(stream: OutputChunk['stream'], text: string): void {
    if (text === '') return;
    const last = this.pieces.at(-1);
    if (last?.stream === stream) last.parts.push(text);
    else this.pieces.push({ stream, parts: [text] });
    this.waitingUnits += text.length;
  }

  private flush(): Promise<void> {
    this.stopTimer();
    const chunks = this.takePieces();
    this.flushing = this.flushing
      .then(() => this.store(chunks))
      .catch((error: unknown) => {
        this.failure ??= error;
        this.refused = [...this.refused, ...chunks];
      });
    return this.flushing;
  }

  private async store(chunks: readonly OutputChunk[]): Promise<void> {
    // Nothing may overtake what was refused: a follower resumes by number and would never see it.
    if (this.failure !== null) throw this.failure;
    if (chunks.length > 0) await this.append(chunks);
  }

  private takePieces(): OutputChunk[] {
    const chunks = this.pieces.flatMap(({ stream, parts }) =>
      split(parts.join('')).map((text) => {
        const seq = this.nextSeq;
        this.nextSeq += 1;
        return { seq, stream, text };
      }),
    );
    this.pieces = [];
    this.waitingUnits = 0;
    return chunks;
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Cuts between characters, never inside a surrogate pair. */
function split(text: string): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CHUNK_UNITS, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** UTF-16 units of the end of a stream to search: room for a long message and blank lines after it. */
const SEARCHED_UNITS = 8192;
/** A longer line is cut at its end: Python puts the type of an error at the beginning. */
const LONGEST_LINE = 500;

class LastLine {
  private end = '';

  take(text: string): void {
    this.end = text.length >= SEARCHED_UNITS ? text.slice(-SEARCHED_UNITS) : (this.end + text).slice(-SEARCHED_UNITS);
  }

  /** Null if there is none. */
  get line(): string | null {
    const lines = plainText(this.end)
      .split('\n')
      .map((line) => line.trimEnd().split('\r').at(-1)!.trim());
    const line = lines.findLast((each) => each !== '');
    if (line === undefined) return null;
    return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).replace(/[\ud800-\udbff]$/, '')}…`;
  }
}
