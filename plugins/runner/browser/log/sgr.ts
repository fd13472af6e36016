/**
 * ANSI colours (SGR, ECMA-48 §8.3.117) as styled segments. Not a library, because
 * the log is virtualised: a line is drawn independently of those before it, so the
 * state at its start must be a value, which libraries do not expose. Sequences that
 * are not colours (cursor, titles, links) are dropped.
 */
import { ESCAPE_SEQUENCE } from '@ved/runner/contract';

/** The current style; immutable. Colours are an index into the 256-colour palette or `#rrggbb`. */
export interface Style {
  readonly foreground?: number | string;
  readonly background?: number | string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly inverse?: boolean;
}

export interface Segment {
  readonly text: string;
  readonly style: Style;
}

export const PLAIN: Style = Object.freeze({});

/** C0 controls are shown as control pictures (U+2400…), except tabs. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Splits a line into segments of one style each, given the style at its start. */
export function parseLine(line: string, start: Style): Segment[] {
  if (!line.includes('\x1b')) return line === '' ? [] : [{ text: printable(line), style: start }];
  const segments: Segment[] = [];
  let style = start;
  let from = 0;
  for (const match of line.matchAll(ESCAPE_SEQUENCE)) {
    if (match.index > from) segments.push({ text: printable(line.slice(from, match.index)), style });
    if (match[2] === 'm') style = styleAfterSgr(style, match[1]!);
    from = match.index + match[0].length;
  }
  if (from < line.length) segments.push({ text: printable(line.slice(from)), style });
  return segments;
}

function printable(text: string): string {
  return text.replace(CONTROL, (control) => (control === '\x7f' ? '␡' : String.fromCharCode(0x2400 + control.charCodeAt(0))));
}

/** The style after one SGR sequence, given its parameters. */
export function styleAfterSgr(style: Style, parameters: string): Style {
  const codes = parameters.split(';');
  let next: Style = style;
  for (let at = 0; at < codes.length; at++) {
    const [code, ...own] = codes[at]!.split(':').map(Number);
    if (code === 38 || code === 48 || code === 58) {
      // With colons, RGB is preceded by a colour space, which is usually empty.
      const isOwn = own.length > 0;
      const rest = isOwn ? (own[0] === 2 && own.length > 4 ? [2, ...own.slice(2)] : own) : codes.slice(at + 1).map(Number);
      const { color, used } = extendedColor(rest);
      if (code === 38) next = { ...next, foreground: color };
      if (code === 48) next = { ...next, background: color };
      if (!isOwn) at += used;
    } else if (code === 4 && own[0] === 0) next = applyCode(next, 24);
    else next = applyCode(next, code ?? 0);
  }
  return next;
}

const SEQUENCES = new WeakMap<Style, string>();

/** The sequence that sets a style, regardless of the previous one. */
export function sgrOf(style: Style): string {
  const known = SEQUENCES.get(style);
  if (known !== undefined) return known;
  const codes = [
    0,
    style.bold && 1,
    style.dim && 2,
    style.italic && 3,
    style.underline && 4,
    style.inverse && 7,
    style.strike && 9,
    style.foreground !== undefined && colorCodes(38, style.foreground),
    style.background !== undefined && colorCodes(48, style.background),
  ];
  const sequence = `\x1b[${codes.filter((code) => code !== undefined && code !== false).join(';')}m`;
  SEQUENCES.set(style, sequence);
  return sequence;
}

function colorCodes(kind: 38 | 48, color: number | string): string {
  if (typeof color === 'number') return `${kind};5;${color}`;
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `${kind};2;${red};${green};${blue}`;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4 || code === 21) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 9) return { ...style, strike: true };
  if (code === 22) return { ...style, bold: undefined, dim: undefined };
  if (code === 23) return { ...style, italic: undefined };
  if (code === 24) return { ...style, underline: undefined };
  if (code === 27) return { ...style, inverse: undefined };
  if (code === 29) return { ...style, strike: undefined };
  if (code === 39) return { ...style, foreground: undefined };
  if (code === 49) return { ...style, background: undefined };
  if (code >= 30 && code <= 37) return { ...style, foreground: code - 30 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  if (code >= 90 && code <= 97) return { ...style, foreground: code - 90 + 8 };
  if (code >= 100 && code <= 107) return { ...style, background: code - 100 + 8 };
  return style;
}

/** Parses `5;n` or `2;r;g;b` after 38 or 48; `used` is the number of codes consumed. */
function extendedColor(codes: readonly number[]): { color: number | string | undefined; used: number } {
  if (codes[0] === 5) return { color: codes[1] !== undefined && codes[1] < 256 ? codes[1] : undefined, used: 2 };
  if (codes[0] !== 2) return { color: undefined, used: 1 };
  const rgb = codes.slice(1, 4).map((part) => Math.max(0, Math.min(255, part || 0)));
  return { color: `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`, used: 4 };
}
