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
  /** What stood on the line at the last carriage return, until it is written over or erased. */
  under: string;
  /** What was written since. Both are kept, so that the line does not depend on where the output was cut. */
  over: string;
  style: Style;
}

const NOTHING_OPEN: OpenLine = { line: null, under: '', over: '', style: PLAIN };

/** Erases to the end of the line or all of it: what follows a carriage return in progress bars. */
const ERASE = /\x1b\[[02]?K/g;

export class LogLines {
  readonly #lines: { stream: StreamName; text: string; start: Style }[] = [];
  readonly #open: Record<StreamName, OpenLine> = {
    stdout: { ...NOTHING_OPEN },
    stderr: { ...NOTHING_OPEN },
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
    for (const open of Object.values(this.#open)) Object.assign(open, NOTHING_OPEN);
    this.#revision++;
  }

  /** Takes a piece of one stream, cut anywhere. */
  append(stream: StreamName, text: string): void {
    if (text === '') return;
    this.#revision++;
    const open = this.#open[stream];
    let from = 0;
    for (;;) {
      const newline = text.indexOf('\n', from);
      const end = newline < 0 ? text.length : newline;
      this.#extend(stream, open, text.slice(from, end));
      if (newline < 0) return;
      this.#end(stream, open);
      from = newline + 1;
      if (from === text.length) return;
    }
  }

  /** Adds a piece that holds no newline to the open line. */
  #extend(stream: StreamName, open: OpenLine, piece: string): void {
    for (const [index, part] of piece.split('\r').entries()) {
      if (index > 0) this.#return(open);
      if (part !== '') this.#write(stream, open, part);
    }
  }

  #return(open: OpenLine): void {
    if (open.line === null || open.over === '') return;
    open.under = this.#lines[open.line]!.text;
    open.over = '';
  }

  #write(stream: StreamName, open: OpenLine, piece: string): void {
    open.line ??= this.#lines.push({ stream, text: '', start: open.style }) - 1;
    const shown = piece.replace(ERASE, '');
    if (shown.length < piece.length) open.under = '';
    open.over += shown;
    const rest = open.under === '' ? '' : plainText(open.under).slice(plainText(open.over).length);
    // Once all of it is written over, a long line costs no second look at its beginning.
    if (rest === '') open.under = '';
    this.#lines[open.line]!.text = open.over + rest;
  }

  #end(stream: StreamName, open: OpenLine): void {
    if (open.line === null) this.#lines.push({ stream, text: '', start: open.style });
    else {
      const line = this.#lines[open.line]!;
      open.style = styleAfter(line.text, line.start);
    }
    Object.assign(open, NOTHING_OPEN, { style: open.style });
  }
}
