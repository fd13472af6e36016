/**
 * Line ends of a text that an editor shows with one kind of them. The editor's
 * lines get back the ends that they had: a line that is unchanged its own, a
 * changed one that of the line in its place, a new one that of the line above. Pure.
 */
import { diffIndices } from 'node-diff3';

/** As Monaco and Python count them; U+2028, form feeds and the like are within a line. */
const LINE_END = /\r\n|\r|\n/;
/** A byte order mark is no part of what is edited. */
const MARK = '\uFEFF';
/** Changed stretches beyond this many lines on either side are not compared: their lines count as changed. */
const COMPARED_LINES_LIMIT = 2000;

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
  const shorter = Math.min(lines.length, before.length);
  let head = 0;
  while (head < shorter && lines[head] === before[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && lines[lines.length - 1 - tail] === before[before.length - 1 - tail]) tail += 1;
  const found = new Array<string | undefined>(lines.length).fill(undefined);
  const take = (to: number, from: number, count: number) => {
    for (let step = 0; step < count; step += 1) found[to + step] = ends[from + step];
  };
  take(0, 0, head);
  take(lines.length - tail, before.length - tail, tail);
  const middle = lines.slice(head, lines.length - tail);
  const middleBefore = before.slice(head, before.length - tail);
  const isLong = middle.length > COMPARED_LINES_LIMIT || middleBefore.length > COMPARED_LINES_LIMIT;
  const differing = isLong ? [whole(middleBefore.length, middle.length)] : differences(middleBefore, middle);
  let [oldAt, newAt] = [0, 0];
  for (const [oldFirst, oldCount, newFirst, newCount] of differing) {
    take(head + newAt, head + oldAt, newFirst - newAt);
    if (changed) take(head + newFirst, head + oldFirst, Math.min(oldCount, newCount));
    [oldAt, newAt] = [oldFirst + oldCount, newFirst + newCount];
  }
  take(head + newAt, head + oldAt, middle.length - newAt);
  return found;
}

type Difference = readonly [oldFirst: number, oldCount: number, newFirst: number, newCount: number];

function differences(before: string[], now: string[]): Difference[] {
  return diffIndices(before, now).map(({ buffer1, buffer2 }) => [...buffer1, ...buffer2]);
}

function whole(oldCount: number, newCount: number): Difference {
  return [0, oldCount, 0, newCount];
}
