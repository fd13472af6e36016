/** Recognises the places that a Python traceback names, and its last line. */

/** The file that holds the script inside every engine. */
const PLACE = /File "(?:[^"]*\/)?script\.py", line (\d+)/;

export interface Place {
  /** From 1. */
  readonly line: number;
  /** Where the mention begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

/** The place in the script that a line of a traceback names; null when it names none. */
export function placeIn(text: string): Place | null {
  const match = PLACE.exec(text);
  return match ? { line: Number(match[1]), from: match.index, to: match.index + match[0].length } : null;
}

export interface Failure {
  /** Such as `ValueError: bad`. */
  readonly message: string;
  /** The innermost line of the script that the traceback names; null when it names none. */
  readonly line: number | null;
}

/** What an error output says in the end: its last line that is not blank, and the place nearest above it. Null when it is empty. */
export function failureIn(stderr: string): Failure | null {
  const lines = stderr.trimEnd().split('\n');
  const message = lines.at(-1)?.trim();
  if (!message) return null;
  for (let index = lines.length - 1; index >= 0; index--) {
    const place = placeIn(lines[index]!);
    if (place) return { message, line: place.line };
  }
  return { message, line: null };
}
