/**
 * One line of a log. Most lines are only appended to, and are stored as text with
 * colours; a line that a cursor moves over becomes cells, of one column each, until
 * the cursor leaves it. The text is the same either way, with no other escape sequences.
 */
import { eastAsianWidth } from 'get-east-asian-width';
import { PLAIN, parseLine, type Style, sgrOf } from './sgr.ts';

export type StreamName = 'stdout' | 'stderr';

export interface LogLine {
  readonly stream: StreamName;
  /** With the escape sequences of its colours. */
  readonly text: string;
  /** The style at its start. */
  readonly start: Style;
}

/** Columns between two tab stops. */
export const TAB = 8;

/** By column: the character, empty for the right half of a wide one, null for none. */
interface Cells {
  readonly characters: (string | null)[];
  readonly styles: Style[];
}

const INVISIBLE = /^[\p{Mn}\p{Me}\u200b-\u200f\u2060\ufeff]$/u;

export class ScreenLine implements LogLine {
  private writtenText = '';
  private startStyle: Style;
  /** The style at the end of the text. */
  private end: Style;
  private cells: Cells | null = null;
  /** Whether the text is up to date with the cells. */
  private isWritten = true;

  constructor(
    readonly stream: StreamName,
    style: Style,
  ) {
    this.startStyle = style;
    this.end = style;
  }

  get text(): string {
    this.writeOut();
    return this.writtenText;
  }

  get start(): Style {
    this.writeOut();
    return this.startStyle;
  }

  /** Whether text can be appended without converting to cells. */
  get isText(): boolean {
    return this.cells === null;
  }

  get isEmpty(): boolean {
    return this.cells === null ? this.writtenText === '' : this.cells.characters.length === 0;
  }

  /** In columns. */
  get width(): number {
    return this.asCells().characters.length;
  }

  /** Only while `isText`. */
  append(text: string, style: Style): void {
    if (style !== this.end) this.writtenText += sgrOf(style);
    this.writtenText += text;
    this.end = style;
  }

  /** Overwrites from a column on; returns the column after the text. */
  write(column: number, text: string, style: Style): number {
    const cells = this.change();
    fill(cells, column);
    let at = column;
    for (const character of text) {
      const width = widthOf(character);
      if (width === 0) this.combine(cells, at, character);
      else {
        put(cells, at, character, style);
        if (width === 2) put(cells, at + 1, '', style);
        at += width;
      }
    }
    return at;
  }

  /** Clears columns, `to` excluded. */
  erase(from: number, to = Number.POSITIVE_INFINITY): void {
    const cells = this.change();
    const end = Math.min(to, cells.characters.length);
    for (let at = from; at < end; at++) put(cells, at, null, PLAIN);
    if (to >= cells.characters.length) cut(cells, from);
  }

  /** Inserts empty columns; what follows moves right. */
  insert(column: number, count: number): void {
    const cells = this.change();
    if (column >= cells.characters.length) return;
    splitAt(cells, column);
    cells.characters.splice(column, 0, ...Array<null>(count).fill(null));
    cells.styles.splice(column, 0, ...Array<Style>(count).fill(PLAIN));
  }

  /** Removes columns; what follows moves left. */
  remove(column: number, count: number): void {
    const cells = this.change();
    splitAt(cells, column);
    splitAt(cells, column + count);
    cells.characters.splice(column, count);
    cells.styles.splice(column, count);
  }

  copyFrom(other: ScreenLine): void {
    const { text, start } = other;
    this.cells = null;
    this.isWritten = true;
    this.writtenText = text;
    this.startStyle = start;
    this.end = other.end;
  }

  /** Turns it back into text, when the cursor has left it. */
  settle(): void {
    this.writeOut();
    this.cells = null;
  }

  private change(): Cells {
    this.isWritten = false;
    return this.asCells();
  }

  private asCells(): Cells {
    if (this.cells) return this.cells;
    const cells: Cells = { characters: [], styles: [] };
    this.cells = cells;
    for (const { text, style } of parseLine(this.writtenText, this.startStyle))
      for (const character of text) {
        const at = cells.characters.length;
        if (character === '\t') fill(cells, at + TAB - (at % TAB));
        else {
          const width = widthOf(character);
          if (width === 0) this.combine(cells, at, character);
          if (width > 0) put(cells, at, character, style);
          if (width === 2) put(cells, at + 1, '', style);
        }
      }
    return cells;
  }

  /** Adds a combining mark to the character before it; without one it is dropped. */
  private combine({ characters }: Cells, column: number, mark: string): void {
    const at = characters[column - 1] === '' ? column - 2 : column - 1;
    const character = characters[at];
    if (character) characters[at] = character + mark;
  }

  /** Updates the text from the cells. */
  private writeOut(): void {
    if (this.isWritten) return;
    const { characters, styles } = this.asCells();
    let length = characters.length;
    while (length > 0 && characters[length - 1] === null) length -= 1;
    let text = '';
    let style = PLAIN;
    for (let at = 0; at < length; at++) {
      if (styles[at] !== style) {
        style = styles[at]!;
        text += sgrOf(style);
      }
      text += characters[at] ?? ' ';
    }
    this.writtenText = text;
    this.startStyle = PLAIN;
    this.end = style;
    this.isWritten = true;
  }
}

/** Columns that a character takes; 0 for combining marks. */
function widthOf(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  return INVISIBLE.test(character) ? 0 : eastAsianWidth(code);
}

function fill(cells: Cells, column: number): void {
  while (cells.characters.length < column) {
    cells.characters.push(null);
    cells.styles.push(PLAIN);
  }
}

/** Overwriting one half of a wide character clears the other half. */
function put(cells: Cells, column: number, character: string | null, style: Style): void {
  const { characters, styles } = cells;
  fill(cells, column);
  if (characters[column] === '' && character !== '') characters[column - 1] = null;
  if (characters[column + 1] === '') characters[column + 1] = null;
  characters[column] = character;
  styles[column] = style;
}

/** Clears a wide character that straddles the boundary before a column. */
function splitAt({ characters }: Cells, column: number): void {
  if (characters[column] !== '') return;
  characters[column - 1] = null;
  characters[column] = null;
}

function cut(cells: Cells, column: number): void {
  if (column >= cells.characters.length) return;
  splitAt(cells, column);
  cells.characters.length = column;
  cells.styles.length = column;
}
