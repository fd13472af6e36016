/**
 * The lines of a run's output, as a terminal would show them. Each stream has its
 * own screen, so that neither overwrites the other; their lines are in the order in
 * which they started. Segments are created when a line is drawn.
 */
import { plainText } from '@ved/runner/contract';
import type { LogLine, StreamName } from './screen-line.ts';
import { StreamScreen } from './stream-screen.ts';

export class LogLines {
  private lines: LogLine[] = [];
  private screens = this.newScreens();
  private revisionNumber = 0;

  get length(): number {
    return this.lines.length;
  }

  /** Goes up whenever a line is added or changed. */
  get revision(): number {
    return this.revisionNumber;
  }

  at(index: number): LogLine | undefined {
    return this.lines[index];
  }

  clear(): void {
    this.lines = [];
    this.screens = this.newScreens();
    this.revisionNumber++;
  }

  /** Appends a piece of one stream; it may be cut anywhere. */
  append(stream: StreamName, text: string): void {
    if (text === '') return;
    this.revisionNumber++;
    this.screens[stream].feed(text);
  }

  private newScreens(): Record<StreamName, StreamScreen> {
    const add = (line: LogLine) => void this.lines.push(line);
    return { stdout: new StreamScreen('stdout', add), stderr: new StreamScreen('stderr', add) };
  }
}

/** What a terminal would show for a whole stream, without colours. */
export function shownText(text: string): string {
  const lines = new LogLines();
  lines.append('stdout', text);
  const shown = Array.from({ length: lines.length }, (_, index) => plainText(lines.at(index)!.text));
  return shown.join('\n') + (text.endsWith('\n') ? '\n' : '');
}
