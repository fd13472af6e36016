/**
 * Removes invisible characters from a model's text that a terminal or an editor
 * would obey: escape sequences, control characters, and the bidirectional marks
 * that make code look different from what it does.
 */

/** CSI and OSC sequences, then any other escape. */
const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)?/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function safeText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(ESCAPE_SEQUENCES, '').replace(CONTROLS, '').replace(DIRECTION_MARKS, '');
}
