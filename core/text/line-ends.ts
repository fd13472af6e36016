/**
 * Line ends of a text that an editor shows with one kind of them. The editor's
 * lines get back the ends that they had: a line that is unchanged its own, a
 * changed one that of the line in its place, a new one that of the line above. Pure.
 */
import { changesBetween, TYPING_EDIT_LIMIT } from './changes.ts';

/** As Monaco and Python count them; U+2028, form feeds and the like are within a line. */
const LINE_END = /\r\n|\r|\n/;
/** A byte order mark is no part of what is edited. */
const MARK = '\uFEFF';

/** A text with its lines apart from their ends. */
export class LineEnds {
  readonly mark: string;
  readonly lines: readonly string[];
  /** One less than there are lines. */
  readonly ends: readonly string[];

  constructor(readonly text: string) {
    this.mark = text.startsWith(MARK) ? MARK : '';
    const parts = text.slice(this.mark.length).split(/(\r\n|\r|\n)/);
    this.lines = parts.filter((_, index) => index % 2 === 0);
    this.ends = parts.filter((_, index) => index % 2 === 1);
  }

  /** The only kind of end that there is, `\n` where there is none; null where they are mixed. */
  get onlyEnd(): string | null {
    const [first = '\n'] = this.ends;
    return this.ends.every((end) => end === first) ? first : null;
  }
}

/** A text with `\n` alone, as an editor shows it, and without a byte order mark. */
export function shownText(text: string): string {
  return text.replace(MARK_AT_START, '').replace(EVERY_END, '\n');
}
const MARK_AT_START = /^\uFEFF/;
const EVERY_END = new RegExp(LINE_END, 'g');

/**
 * What is shown, with the ends and the byte order mark that `origin` has. Lines
 * that `origin` lacks are looked for in `given`, a text that is known to have
 * been made of it. The same lines give the same text, so undo leads back exactly.
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
    // After a lone `\r` they would be one end instead of two.
    text += line === '' && above === '\n' && text.endsWith('\r') ? '\r\n' : above;
  }
  return text;
}

/** The end of each line that the reference has too; with `changed`, also of one that stands in the place of another. */
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
