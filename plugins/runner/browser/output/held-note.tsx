/** For a running run whose stored beginning is full: how much more it has written so far, and its latest lines. */
import { type HeldTail, plainText } from '@ved/runner/contract';
import { LogLines } from '../log/log-lines.ts';
import { formatBytes } from '../runs/run-words.ts';

const SHOWN_LINES = 5;

export function HeldNote({ tail }: { readonly tail: HeldTail }): JSX.Element {
  const lines = new LogLines();
  lines.append('stdout', tail.latest);
  const first = Math.max(0, lines.length - SHOWN_LINES);
  const latest = Array.from({ length: lines.length - first }, (_, index) => plainText(lines.at(first + index)!.text));
  return (
    <section className="ved-HeldNote" aria-label="Latest output">
      <p>The log above is full. {formatBytes(tail.bytes)} more so far; the end is shown when the run ends. Latest lines:</p>
      <pre>{latest.join('\n')}</pre>
    </section>
  );
}
