/**
 * The screen that one stream writes to: what a terminal of 24 rows would show, plus
 * everything that scrolled off, and without a right edge. 24 rows is what Python
 * reports to a script without a terminal (`shutil.get_terminal_size`). Sequences
 * about the terminal itself are ignored, and so are those that clear the scrollback,
 * which is the record of the run.
 */
import { type EscapeActions, EscapeParser } from './escape-parser.ts';
import { ScreenLine, type StreamName, TAB } from './screen-line.ts';
import { PLAIN, type Style, styleAfterSgr } from './sgr.ts';

const ROWS = 24;
/** How far right the cursor can move beyond the text, so that a move to the right edge does not create a huge line. */
const COLUMNS = 1000;
/** More rows than the cursor can reach, so that rows are dropped in batches. */
const REMEMBERED_ROWS = 4 * ROWS;
/** Anything but text, tabs and line ends. */
const MOVES = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
/** Including its combining marks. */
const LAST_CHARACTER = /\P{M}\p{M}*$/u;
/** The end of a line that is only appended to; the column is computed on demand. */
const END = -1;

/** The parameters of a sequence. */
interface Numbers {
  readonly first: number;
  readonly second: number;
  /** The first as a count: 0 means 1. */
  readonly count: number;
  /** The same, capped at `COLUMNS`. */
  readonly few: number;
  /** The column of the cursor. */
  readonly here: number;
}

export class StreamScreen implements EscapeActions {
  private readonly parser = new EscapeParser(this);
  private rows: ScreenLine[] = [];
  /** The number of the first row in `#rows`; row 0 is the first line of the stream. */
  private firstRow = 0;
  /** The number of the topmost row of the screen. */
  private top = 0;
  private row = 0;
  private column = 0;
  private style = PLAIN;
  private saved: { row: number; column: number; style: Style } = { row: 0, column: 0, style: PLAIN };
  /** The text just printed; empty after anything else. */
  private repeatable = '';

  /** `add` is called once for each line, in order. */
  constructor(
    private readonly stream: StreamName,
    private readonly add: (line: ScreenLine) => void,
  ) {}

  /** Accepts a piece of the stream; it may be cut anywhere. */
  feed(text: string): void {
    if (this.parser.isIdle && this.isAtEnd && !MOVES.test(text)) this.addLines(text);
    else this.parser.feed(text);
  }

  print(text: string): void {
    if (text === '') return;
    const line = this.lineAt(this.row);
    if (line.isText && (this.column === END || (this.column === 0 && line.isEmpty))) {
      line.append(text, this.style);
      this.column = END;
    } else this.column = line.write(this.columnNow(), text, this.style);
    this.repeatable = text;
  }

  control(code: number): void {
    this.repeatable = '';
    if (code === 0x0a || code === 0x0b || code === 0x0c || code === 0x85) {
      this.column = 0;
      this.index();
    } else if (code === 0x0d) this.column = 0;
    else if (code === 0x08) this.moveTo(this.columnNow() - 1);
    else if (code === 0x09) this.tab();
    else if (code === 0x84) this.index();
    else if (code === 0x8d) this.reverseIndex();
  }

  escape(intermediates: string, final: string): void {
    this.repeatable = '';
    if (intermediates !== '') return;
    if (final === '7') this.save();
    else if (final === '8') this.restore();
    else if (final === 'D') this.index();
    else if (final === 'E') this.control(0x0a);
    else if (final === 'M') this.reverseIndex();
    else if (final === 'c') this.reset();
  }

  csi(parameters: string, intermediates: string, final: string): void {
    const repeatable = this.repeatable;
    this.repeatable = '';
    if (intermediates !== '' || /^[<-?]/.test(parameters)) return;
    if (final === 'm') {
      this.style = styleAfterSgr(this.style, parameters);
      return;
    }
    const [first = 0, second = 0] = parameters.split(/[;:]/).map((each) => Number.parseInt(each, 10) || 0);
    const count = Math.max(1, first);
    const few = Math.min(count, COLUMNS);
    if (final === 'b') this.print((LAST_CHARACTER.exec(repeatable)?.[0] ?? '').repeat(few));
    else StreamScreen.actions[StreamScreen.aliases[final] ?? final]?.(this, { first, second, count, few, here: this.columnNow() });
  }

  /** By final character: sequences without prefix and intermediates (ECMA-48, section 8.3). */
  private static readonly actions: Readonly<Record<string, (screen: StreamScreen, numbers: Numbers) => void>> = {
    A: (screen, { here, count }) => screen.moveTo(here, screen.row - count),
    B: (screen, { here, count }) => screen.moveTo(here, screen.row + count),
    C: (screen, { here, count }) => screen.moveTo(here + count),
    D: (screen, { here, count }) => screen.moveTo(here - count),
    E: (screen, { count }) => screen.moveTo(0, screen.row + count),
    F: (screen, { count }) => screen.moveTo(0, screen.row - count),
    G: (screen, { count }) => screen.moveTo(count - 1),
    H: (screen, { count, second }) => screen.moveTo(Math.max(1, second) - 1, screen.top + count - 1),
    I: (screen, { here, few }) => screen.moveTo((Math.floor(here / TAB) + few) * TAB),
    Z: (screen, { here, few }) => screen.moveTo((Math.ceil(here / TAB) - few) * TAB),
    d: (screen, { here, count }) => screen.moveTo(here, screen.top + count - 1),
    J: (screen, { first }) => screen.eraseScreen(first),
    K: (screen, { first }) => screen.eraseLine(first),
    X: (screen, { here, few }) => screen.lineAt(screen.row).erase(here, here + few),
    '@': (screen, { here, few }) => screen.lineAt(screen.row).insert(here, few),
    P: (screen, { here, few }) => screen.lineAt(screen.row).remove(here, few),
    L: (screen, { count }) => {
      screen.moveRows(screen.row, count);
      screen.moveTo(0);
    },
    M: (screen, { count }) => {
      screen.moveRows(screen.row, -count);
      screen.moveTo(0);
    },
    S: (screen, { count }) => screen.moveRows(screen.top, -count),
    T: (screen, { count }) => screen.moveRows(screen.top, count),
    s: (screen) => screen.save(),
    u: (screen) => screen.restore(),
  };
  private static readonly aliases: Readonly<Record<string, string>> = { e: 'B', a: 'C', '`': 'G', f: 'H' };

  /** The line of a row; creates it and those above it if necessary. */
  private lineAt(row: number): ScreenLine {
    while (this.firstRow + this.rows.length <= row) {
      const line = new ScreenLine(this.stream, this.style);
      this.rows.push(line);
      this.add(line);
    }
    return this.rows[row - this.firstRow]!;
  }

  /** Existing lines from a row up to, but excluding, another. */
  private linesBetween(from: number, to = Number.POSITIVE_INFINITY): ScreenLine[] {
    return this.rows.slice(from - this.firstRow, Math.max(0, to - this.firstRow));
  }

  /** Whether the next text starts a new line or is appended to the last one. */
  private get isAtEnd(): boolean {
    const next = this.row - this.firstRow - this.rows.length;
    return next === 0 ? this.column === 0 : next === -1 && this.column === END;
  }

  /** The same as printing it, but much faster: a hundred thousand lines must not delay a frame. */
  private addLines(text: string): void {
    this.repeatable = text.slice(text.lastIndexOf('\n') + 1);
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf('\n', from);
      const end = newline < 0 ? text.length : newline;
      const line = this.lineAt(this.row);
      if (end > from) line.append(text.slice(from, end), this.style);
      this.column = end > from || this.column === END ? END : 0;
      if (newline < 0) break;
      this.column = 0;
      this.row += 1;
      from = newline + 1;
    }
    this.top = Math.max(this.top, this.row - ROWS + 1);
    this.forget();
  }

  /** The column of the cursor. At the end of a text line, turns the line into cells to count its columns. */
  private columnNow(): number {
    if (this.column === END) this.column = this.lineAt(this.row).width;
    return this.column;
  }

  private moveTo(column: number, row = this.row): void {
    const nextRow = Math.min(Math.max(row, this.top), this.top + ROWS - 1);
    const known = this.rows[this.row - this.firstRow];
    this.column = Math.max(0, Math.min(column, Math.max(COLUMNS - 1, known?.width ?? 0)));
    if (nextRow !== this.row) known?.settle();
    this.row = nextRow;
  }

  private tab(): void {
    if (this.column === END) this.lineAt(this.row).append('\t', this.style);
    else this.moveTo((Math.floor(this.column / TAB) + 1) * TAB);
  }

  /** Moves down one row; scrolls at the bottom of the screen. */
  private index(): void {
    this.columnNow();
    this.lineAt(this.row).settle();
    if (this.row === this.top + ROWS - 1) this.top += 1;
    this.row += 1;
    this.forget();
  }

  /** Drops rows that have scrolled off, in batches. */
  private forget(): void {
    if (this.rows.length <= REMEMBERED_ROWS) return;
    this.rows = this.rows.slice(this.top - this.firstRow);
    this.firstRow = this.top;
  }

  private reverseIndex(): void {
    if (this.row > this.top) this.moveTo(this.columnNow(), this.row - 1);
    else this.moveRows(this.top, 1);
  }

  private save(): void {
    this.saved = { row: this.row, column: this.columnNow(), style: this.style };
  }

  private restore(): void {
    this.moveTo(this.saved.column, this.saved.row);
    this.style = this.saved.style;
  }

  private reset(): void {
    this.eraseScreen(2);
    this.moveTo(0, this.top);
    this.style = PLAIN;
    this.saved = { row: 0, column: 0, style: PLAIN };
  }

  private eraseScreen(which: number): void {
    if (which === 0) {
      this.eraseLine(0);
      for (const line of this.linesBetween(this.row + 1)) line.erase(0);
    } else if (which === 1) {
      this.eraseLine(1);
      for (const line of this.linesBetween(this.top, this.row)) line.erase(0);
    } else if (which === 2) {
      this.columnNow();
      for (const line of this.linesBetween(this.top)) line.erase(0);
    }
  }

  private eraseLine(which: number): void {
    this.columnNow();
    const line = this.rows[this.row - this.firstRow];
    if (which === 0) line?.erase(this.column);
    else if (which === 1) line?.erase(0, this.column + 1);
    else if (which === 2) line?.erase(0);
  }

  /** Moves the rows from one on down, or up: empty rows come in, and rows beyond the screen are lost. */
  private moveRows(from: number, by: number): void {
    this.columnNow();
    const bottom = this.top + ROWS - 1;
    const last = Math.min(bottom, this.firstRow + this.rows.length - 1 + Math.max(0, by));
    if (last < from) return;
    this.lineAt(last);
    const rows = this.linesBetween(from, last + 1);
    const before = rows.map((line) => {
      const copy = new ScreenLine(this.stream, PLAIN);
      copy.copyFrom(line);
      return copy;
    });
    rows.forEach((line, index) => {
      const moved = before[index - by];
      if (moved) line.copyFrom(moved);
      else line.erase(0);
    });
  }
}
