/** Text without terminal escape sequences. */

/** CSI sequences, strings such as OSC (ECMA-48 §5.4, §5.6), and other escape sequences. */
export const ESCAPE_SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]+[0-~]|[0-Z\\`-~])?/g;

/** Removes escape sequences, for search, copy and comparison. */
export function plainText(text: string): string {
  return text.includes('\x1b') ? text.replace(ESCAPE_SEQUENCE, '') : text;
}
