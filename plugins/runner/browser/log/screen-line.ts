/**
 * One line of a log. Most are only ever added to, and are a text with colours;
 * one that a cursor moves over becomes cells, of one column each, until it is
 * left. The text is the same either way, and without other escape sequences.
 */
import { eastAsianWidth } from 'get-east-asian-width';
import { PLAIN, parseLine, type Style, sgrOf } from './sgr.ts';

export type StreamName = 'stdout' | 'stderr';

export interface LogLine {
  readonly stream: StreamName;
  /** With the escape sequences of its colours. */
  readonly text: string;
  /** The style in force at its start. */
  readonly start: Style;
}

/** Columns between two tab stops. */
export const TAB = 8;

/** By column: what stands there, empty for the right half of a wide character, null for nothing. */
interface Cells {
  readonly characters: (string | null)[];
  readonly styles: Style[];
}

const INVISIBLE = /^[\p{Mn}\p{Me}\u200b-\u200f\u2060\ufeff]$/u;

export class ScreenLine implements LogLine {
  #text = '';
  #start: Style;
  /** The style in force at the end of the text. */
  #end: Style;
  #cells: Cells | null = null;
  /** Whether the text is that of the cells. */
  #isWritten = true;

  constructor(
    readonly stream: StreamName,
    style: Style,
  ) {
    this.#start = style;
    this.#end = style;
  }

  get text(): string {
    this.#write();
    return this.#text;
  }

  get start(): Style {
    this.#write();
    return this.#start;
  }

  /** Whether text can be added at its end without a look at what is there. */
  get isText(): boolean {
    return this.#cells === null;
  }

  get isEmpty(): boolean {
    return this.#cells === null ? this.#text === '' : this.#cells.characters.length === 0;
  }

  /** Columns up to its end. */
  get width(): number {
    return this.#asCells().characters.length;
  }

  /** Adds to a line that is text. */
  append(text: string, style: Style): void {
    if (style !== this.#end) this.#text += sgrOf(style);
    this.#text += text;
    this.#end = style;
  }

  /** Writes over what stands from a column on; answers with the column after it. */
  write(column: number, text: string, style: Style): number {
    const cells = this.#change();
    fill(cells, column);
    let at = column;
    for (const character of text) {
      const width = widthOf(character);
      if (width === 0) this.#combine(cells, at, character);
      else {
        put(cells, at, character, style);
        if (width === 2) put(cells, at + 1, '', style);
        at += width;
      }
    }
    return at;
  }

  /** Makes columns empty, `to` not included. */
  erase(from: number, to = Number.POSITIVE_INFINITY): void {
    const cells = this.#change();
    const end = Math.min(to, cells.characters.length);
    for (let at = from; at < end; at++) put(cells, at, null, PLAIN);
    if (to >= cells.characters.length) cut(cells, from);
  }

  /** Moves what stands from a column on to the right. */
  insert(column: number, count: number): void {
    const cells = this.#change();
    if (column >= cells.characters.length) return;
    part(cells, column);
    cells.characters.splice(column, 0, ...Array<null>(count).fill(null));
    cells.styles.splice(column, 0, ...Array<Style>(count).fill(PLAIN));
  }

  /** Takes columns out; what stands after them moves to the left. */
  remove(column: number, count: number): void {
    const cells = this.#change();
    part(cells, column);
    part(cells, column + count);
    cells.characters.splice(column, count);
    cells.styles.splice(column, count);
  }

  /** Becomes what another line is. */
  become(other: ScreenLine): void {
    const { text, start } = other;
    this.#cells = null;
    this.#isWritten = true;
    this.#text = text;
    this.#start = start;
    this.#end = other.#end;
  }

  /** The cursor has left it: it is text again. */
  settle(): void {
    this.#write();
    this.#cells = null;
  }

  #change(): Cells {
    this.#isWritten = false;
    return this.#asCells();
  }

  #asCells(): Cells {
    if (this.#cells) return this.#cells;
    const cells: Cells = { characters: [], styles: [] };
    this.#cells = cells;
    for (const { text, style } of parseLine(this.#text, this.#start))
      for (const character of text) {
        const at = cells.characters.length;
        if (character === '\t') fill(cells, at + TAB - (at % TAB));
        else {
          const width = widthOf(character);
          if (width === 0) this.#combine(cells, at, character);
          if (width > 0) put(cells, at, character, style);
          if (width === 2) put(cells, at + 1, '', style);
        }
      }
    return cells;
  }

  /** A mark belongs to the character before it; without one there is nothing to see. */
  #combine({ characters }: Cells, column: number, mark: string): void {
    const at = characters[column - 1] === '' ? column - 2 : column - 1;
    const character = characters[at];
    if (character) characters[at] = character + mark;
  }

  /** Makes the text that of the cells. */
  #write(): void {
    if (this.#isWritten) return;
    const { characters, styles } = this.#asCells();
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
    this.#text = text;
    this.#start = PLAIN;
    this.#end = style;
    this.#isWritten = true;
  }
}

/** Columns that a character takes: none for one that is drawn over the one before. */
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

/** Of a wide character that loses one half, the other goes too. */
function put(cells: Cells, column: number, character: string | null, style: Style): void {
  const { characters, styles } = cells;
  fill(cells, column);
  if (characters[column] === '' && character !== '') characters[column - 1] = null;
  if (characters[column + 1] === '') characters[column + 1] = null;
  characters[column] = character;
  styles[column] = style;
}

/** Before columns are moved apart: a wide character over that border goes. */
function part({ characters }: Cells, column: number): void {
  if (characters[column] !== '') return;
  characters[column - 1] = null;
  characters[column] = null;
}

function cut(cells: Cells, column: number): void {
  if (column >= cells.characters.length) return;
  part(cells, column);
  cells.characters.length = column;
  cells.styles.length = column;
}
