/** The last line of a stream that is not blank, as displayed. Updated piece by piece, in bounded memory. */
import { plainText } from '@ved/runner/contract';

/** UTF-16 units of the end of a stream to search: room for a long message and blank lines after it. */
const SEARCHED_UNITS = 8192;
/** A longer line is cut at its end: Python puts the type of an error at the beginning. */
const LONGEST_LINE = 500;

export class LastLine {
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
