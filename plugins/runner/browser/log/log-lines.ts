/**
 * The lines of a run's output, as a terminal would have them. Each stream has a
 * screen of its own, so that neither writes over the other; their lines stand in
 * the order in which they began. Segments are made when a line is drawn.
 */
import { plainText } from '@ved/runner/contract';
import type { LogLine, StreamName } from './screen-line.ts';
import { StreamScreen } from './stream-screen.ts';

export class LogLines {
  #lines: LogLine[] = [];
  #screens = this.#newScreens();
  #revision = 0;

  get length(): number {
    return this.#lines.length;
  }

  /** Counts up whenever a line came or changed. */
  get revision(): number {
    return this.#revision;
  }

  at(index: number): LogLine | undefined {
    return this.#lines[index];
  }

  clear(): void {
    this.#lines = [];
    this.#screens = this.#newScreens();
    this.#revision++;
  }

  /** Takes a piece of one stream, cut anywhere. */
  append(stream: StreamName, text: string): void {
    if (text === '') return;
    this.#revision++;
    this.#screens[stream].feed(text);
  }

  #newScreens(): Record<StreamName, StreamScreen> {
    const add = (line: LogLine) => void this.#lines.push(line);
    return { stdout: new StreamScreen('stdout', add), stderr: new StreamScreen('stderr', add) };
  }
}

/** What a terminal would show of a whole stream, without colours. */
export function shownText(text: string): string {
  const lines = new LogLines();
  lines.append('stdout', text);
  const shown = Array.from({ length: lines.length }, (_, index) => plainText(lines.at(index)!.text));
  return shown.join('\n') + (text.endsWith('\n') ? '\n' : '');
}
