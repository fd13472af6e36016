/** What a terminal would show of a text, without its colours. */

/** CSI and OSC sequences (ECMA-48 §5.4, §8.3.89), and a lone escape with the character after it. */
export const ESCAPE_SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])?/g;

/** A text without its escape sequences, as search, copy and comparison want it. */
export function plainText(text: string): string {
  return text.includes('\x1b') ? text.replace(ESCAPE_SEQUENCE, '') : text;
}
