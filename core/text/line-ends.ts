/**
 * Restores the line ends of a text that an editor shows with `\n` only. An
 * unchanged line gets its own end back, a changed line the end of the line that it
 * replaces, and a new line the end of the line above. Pure.
 */
import { changesBetween, TYPING_EDIT_LIMIT } from './changes.ts';

/** The line ends that Monaco and Python recognise; U+2028, form feeds and the like do not end a line. */
const LINE_END = /\r\n|\r|\n/;
/** The byte order mark, which is not part of the edited text. */
const MARK = '\uFEFF';

/** A text split into its lines and their ends. */
export class LineEnds {
  readonly mark: string;
  readonly lines: readonly string[];
  /** One fewer than there are lines. */
  readonly ends: readonly string[];

  constructor(readonly text: string) {
    this.mark = text.startsWith(MARK) ? MARK : '';
    const parts = text.slice(this.mark.length).split(/(\r\n|\r|\n)/);
    this.lines = parts.filter((_, index) => index % 2 === 0);
    this.ends = parts.filter((_, index) => index % 2 === 1);
  }

  /** The only kind of line end in the text, `\n` if it has none; null when they are mixed. */
  get onlyEnd(): string | null {
    const [first = '\n'] = this.ends;
    return this.ends.every((end) => end === first) ? first : null;
  }
}

/** The text as an editor shows it: only `\n` as line end, and no byte order mark. */
export function shownText(text: string): string {
  return text.replace(MARK_AT_START, '').replace(EVERY_END, '\n');
}
const MARK_AT_START = /^\uFEFF/;
const EVERY_END = new RegExp(LINE_END, 'g');

/**
 * The shown text with the line ends and byte order mark of `origin`. Lines that are
 * not in `origin` are looked up in `given`, a text known to be derived from it. The
 * same lines always give the same text, so undo restores it exactly.
 */
export function withLineEnds(shown: string, origin: LineEnds, given: LineEnds | null = null): string {
  if (given && shown === shownText(given.text)) return given.text;
  const only = given ? null : origin.onlyEnd;
  if (only === '\n') return origin.mark + shown;
  if (only !== null) return origin.mark + shown.replaceAll('\n', only);
  const lines = shown.split('\n');
  const own = endsOf(lines, origin, true);
  const other = given && own.some((end) => end === undefined) ? endsOf(lines, given, false) : [];
  let above = origin.ends[0] ?? given?.ends[0] ?? '\n';
  let text = origin.mark;
  for (const [index, line] of lines.entries()) {
    text += line;
    if (index === lines.length - 1) break;
    above = own[index] ?? other[index] ?? above;
    // After a lone `\r`, a `\n` would merge with it into one line end.
    text += line === '' && above === '\n' && text.endsWith('\r') ? '\r\n' : above;
  }
  return text;
}

/** The ends of the lines that are also in the reference; with `changed`, changed lines get the end of the line that they replace. */
function endsOf(lines: readonly string[], { lines: before, ends }: LineEnds, changed: boolean): (string | undefined)[] {
  const found = new Array<string | undefined>(lines.length).fill(undefined);
  const take = (to: number, from: number, count: number) => {
    for (let step = 0; step < count; step += 1) found[to + step] = ends[from + step];
  };
  let [oldAt, newAt] = [0, 0];
  for (const { oldStart, oldEnd, newStart, newEnd } of changesBetween(before, lines, TYPING_EDIT_LIMIT)) {
    take(newAt, oldAt, newStart - newAt);
    if (changed) take(newStart, oldStart, Math.min(oldEnd - oldStart, newEnd - newStart));
    [oldAt, newAt] = [oldEnd, newEnd];
  }
  take(newAt, oldAt, lines.length - newAt);
  return found;
}
