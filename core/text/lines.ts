/**
 * Texts as lines, each including its end (`\n`, `\r\n` or, at the end of the text,
 * none), so that joining them gives back the text, byte for byte.
 */

/** The lines of a text as git counts them: only `\n` ends one. An empty text has none. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** A line without its end. */
export function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '');
}
