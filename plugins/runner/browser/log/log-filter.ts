/** Which lines are shown, and which match a search. Processes only new lines, so that a growing log stays fast. */

import { plainText } from '@ved/runner/contract';
import type { LogLines } from './log-lines.ts';

export type Shown = 'all' | 'stdout' | 'stderr';

export class LogFilter {
  private shownStreams: Shown = 'all';
  private indexes: number[] = [];
  private seen = 0;

  constructor(private readonly lines: LogLines) {}

  get shown(): Shown {
    return this.shownStreams;
  }

  show(shown: Shown): void {
    this.shownStreams = shown;
    this.reset();
  }

  /** Call it when the lines were cleared. */
  reset(): void {
    this.indexes = [];
    this.seen = 0;
  }

  /** The number of lines shown. */
  get count(): number {
    if (this.shownStreams === 'all') return this.lines.length;
    for (; this.seen < this.lines.length; this.seen++)
      if (this.lines.at(this.seen)!.stream === this.shownStreams) this.indexes.push(this.seen);
    return this.indexes.length;
  }

  /** The index, among all lines, of the row at a position. */
  indexAt(position: number): number {
    return this.shownStreams === 'all' ? position : this.indexes[position]!;
  }

  /** The shown lines as plain text. */
  text(): string {
    return Array.from({ length: this.count }, (_, position) => plainText(this.lines.at(this.indexAt(position))!.text)).join('\n');
  }

  /** Positions of the shown rows whose text contains the needle, ignoring case. */
  matches(needle: string): number[] {
    const wanted = needle.toLowerCase();
    if (wanted === '') return [];
    const found: number[] = [];
    const { count } = this;
    for (let position = 0; position < count; position++)
      if (
        plainText(this.lines.at(this.indexAt(position))!.text)
          .toLowerCase()
          .includes(wanted)
      )
        found.push(position);
    return found;
  }
}
