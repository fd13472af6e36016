/** What a terminal would show of a text, without its colours. */

/** CSI sequences, strings such as OSC (ECMA-48 §5.4, §5.6), and other escapes with what belongs to them. */
export const ESCAPE_SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]+[0-~]|[0-Z\\`-~])?/g;

/** A text without its escape sequences, as search, copy and comparison want it. */
export function plainText(text: string): string {
  return text.includes('\x1b') ? text.replace(ESCAPE_SEQUENCE, '') : text;
}
