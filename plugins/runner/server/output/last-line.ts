/** The last thing that a stream says: its last line that is not blank, as it is shown. Kept up to date piece by piece, in bounded memory. */
import { plainText } from '@ved/runner/contract';

/** UTF-16 units of the end of a stream that are looked at: room for a long message, and for blank lines after it. */
const LOOKED_AT_UNITS = 8192;
/** Of a longer line the beginning is kept: Python puts the kind of an error there. */
const LONGEST_LINE = 500;

export class LastLine {
  private end = '';

  take(text: string): void {
    this.end = text.length >= LOOKED_AT_UNITS ? text.slice(-LOOKED_AT_UNITS) : (this.end + text).slice(-LOOKED_AT_UNITS);
  }

  /** Null when nothing was said. */
  get line(): string | null {
    const lines = plainText(this.end)
      .split('\n')
      .map((line) => line.trimEnd().split('\r').at(-1)!.trim());
    const line = lines.findLast((each) => each !== '');
    if (line === undefined) return null;
    return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).replace(/[\ud800-\udbff]$/, '')}…`;
  }
}
