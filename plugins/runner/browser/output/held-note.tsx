/** Of a run that writes more than the beginning that is kept at once: how much more so far, and what it says at this moment. */
import { type HeldTail, plainText } from '@ved/runner/contract';
import { LogLines } from '../log/log-lines.ts';
import { formatBytes } from '../runs/run-words.ts';

/** Lines of it that are shown. */
const SHOWN_LINES = 5;

export function HeldNote({ tail }: { readonly tail: HeldTail }): JSX.Element {
  const lines = new LogLines();
  lines.append('stdout', tail.latest);
  const first = Math.max(0, lines.length - SHOWN_LINES);
  const latest = Array.from({ length: lines.length - first }, (_, index) => plainText(lines.at(first + index)!.text));
  return (
    <section className="ved-HeldNote" aria-label="The latest output">
      <p>The log above is full. {formatBytes(tail.bytes)} more so far: the end of it is shown when the run ends. At this moment:</p>
      <pre>{latest.join('\n')}</pre>
    </section>
  );
}
