/**
 * The lines of a run's output, as a terminal would have them: a carriage return
 * overwrites, colours carry over line ends, stdout and stderr interleave as they
 * came. Only text is kept; segments are made when a line is drawn.
 */
import { plainText } from '@ved/runner/contract';
import { PLAIN, type Style, styleAfter } from './sgr.ts';

export type StreamName = 'stdout' | 'stderr';

export interface LogLine {
  readonly stream: StreamName;
  /** With its escape sequences. */
  readonly text: string;
  /** The style in force at its start. */
  readonly start: Style;
}

interface OpenLine {
  /** Its index among the lines; null when the next text begins a new one. */
  line: number | null;
  /** A carriage return came last: a newline ends the line, anything else overwrites it. */
  returned: boolean;
  style: Style;
}

/** Erases to the end of the line or all of it: what follows a carriage return in progress bars. */
const ERASE = /\x1b\[[02]?K/;

export class LogLines {
  readonly #lines: { stream: StreamName; text: string; start: Style }[] = [];
  readonly #open: Record<StreamName, OpenLine> = {
    stdout: { line: null, returned: false, style: PLAIN },
    stderr: { line: null, returned: false, style: PLAIN },
  };
  #revision = 0;

  get length(): number {
    return this.#lines.length;
  }

  /** Counts up whenever a line came or changed. */
  get revision(): number {
    return this.#revision;
  }

  at(index: number): LogLine | undefined {
    return this.#lines[index];
  }

  clear(): void {
    this.#lines.length = 0;
    for (const open of Object.values(this.#open)) Object.assign(open, { line: null, returned: false, style: PLAIN });
    this.#revision++;
  }

  /** Takes a piece of one stream, cut anywhere. */
  append(stream: StreamName, text: string): void {
    if (text === '') return;
    this.#revision++;
    const open = this.#open[stream];
    let from = 0;
    if (open.returned && text.startsWith('\n')) open.returned = false;
    for (;;) {
      const newline = text.indexOf('\n', from);
      const end = newline < 0 ? text.length : newline;
      this.#extend(stream, open, text, from, end);
      if (newline < 0) return;
      this.#end(stream, open);
      from = newline + 1;
      if (from === text.length) return;
    }
  }

  /** Adds `text[from, end)`, which holds no newline, to the open line. */
  #extend(stream: StreamName, open: OpenLine, text: string, from: number, end: number): void {
    const piece = text.slice(from, end);
    if (!piece.includes('\r') && !open.returned) {
      if (piece !== '') this.#write(stream, open, piece, false);
      return;
    }
    const endsLine = end < text.length;
    const parts = piece.split('\r');
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      if (part !== '') {
        this.#write(stream, open, part, open.returned || index > 0);
        open.returned = false;
      }
      // `\r\n` is one line end, and so is a return at the very end of what came, until more comes.
      if (last && part === '' && index > 0) open.returned = !endsLine;
      else if (!last && part !== '') open.returned = true;
    }
  }

  #write(stream: StreamName, open: OpenLine, piece: string, overwrite: boolean): void {
    if (open.line === null) {
      open.line = this.#lines.push({ stream, text: '', start: open.style }) - 1;
    }
    const line = this.#lines[open.line]!;
    line.text = overwrite ? overwritten(line.text, piece) : line.text + piece;
  }

  #end(stream: StreamName, open: OpenLine): void {
    if (open.line === null) this.#lines.push({ stream, text: '', start: open.style });
    else {
      const line = this.#lines[open.line]!;
      open.style = styleAfter(line.text, line.start);
    }
    open.line = null;
    open.returned = false;
  }
}

/** A line after something was written over its beginning. What it is longer by stays, unless it was erased. */
function overwritten(line: string, piece: string): string {
  if (ERASE.test(piece)) return piece.replace(ERASE, '');
  const visible = plainText(piece).length;
  const before = plainText(line);
  return before.length <= visible ? piece : piece + before.slice(visible);
}
