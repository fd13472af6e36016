/** Finds the script lines that a Python traceback mentions, and its message. */

/** The name of the script's file in every engine. */
const MENTION = /File "(?:[^"]*\/)?script\.py", line (\d+)/;

export interface LineMention {
  /** From 1. */
  readonly line: number;
  /** The start and the end of the mention in the text. */
  readonly from: number;
  readonly to: number;
}

/** Null if a line of a traceback mentions no line of the script. */
export function mentionIn(text: string): LineMention | null {
  const match = MENTION.exec(text);
  return match ? { line: Number(match[1]), from: match.index, to: match.index + match[0].length } : null;
}

export interface Failure {
  /** Such as `ValueError: bad`. */
  readonly message: string;
  /** The innermost line of the script in the traceback; null if there is none. */
  readonly line: number | null;
}

/** The last line of stderr that is not blank, and the nearest script line above it. Null if stderr is empty. */
export function failureIn(stderr: string): Failure | null {
  const lines = stderr.trimEnd().split('\n');
  const message = lines.at(-1)?.trim();
  if (!message) return null;
  for (let index = lines.length - 1; index >= 0; index--) {
    const mention = mentionIn(lines[index]!);
    if (mention) return { message, line: mention.line };
  }
  return { message, line: null };
}
