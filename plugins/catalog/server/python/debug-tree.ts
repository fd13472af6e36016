/**
 * Reads the pretty debug text of a Rust value (`{:#?}`), the only form in which
 * the parser hands out its syntax tree. One line opens a node, closes one, or
 * is an atom; strings are escaped, so that no value spans lines.
 */

/** A struct has fields, a tuple or a list has items. A list has no name. */
export interface TreeNode {
  readonly name: string;
  readonly fields: Readonly<Record<string, TreeValue>>;
  readonly items: readonly TreeValue[];
}
/** An atom is kept as the text that Rust printed. */
export type TreeValue = TreeNode | string;

/** Where things stand in the text and how they were quoted: never part of what a program does. */
const POSITION_FIELDS = /^(range|node_index): /;

/** Parses the text of one value, leaving positions out. Throws SyntaxError when the text is not of this form. */
export function parseDebugTree(text: string): TreeValue {
  const cursor = { text, at: 0 };
  const line = nextLine(cursor);
  if (line === null) throw new SyntaxError('the syntax tree is empty');
  return readValue(line, cursor);
}

interface Cursor {
  readonly text: string;
  at: number;
}

function nextLine(cursor: Cursor): string | null {
  const { text } = cursor;
  if (cursor.at >= text.length) return null;
  const end = text.indexOf('\n', cursor.at);
  const stop = end === -1 ? text.length : end;
  let start = cursor.at;
  while (text.charCodeAt(start) === 32) start += 1;
  cursor.at = stop + 1;
  return text.slice(start, text.charCodeAt(stop - 1) === 44 ? stop - 1 : stop);
}

function readValue(opening: string, cursor: Cursor): TreeValue {
  const last = opening.at(-1);
  if (last !== '{' && last !== '(' && last !== '[') return opening;
  const fields: Record<string, TreeValue> = {};
  const items: TreeValue[] = [];
  for (;;) {
    const line = nextLine(cursor);
    if (line === null) throw new SyntaxError('the syntax tree ends early');
    if (line === '}' || line === ')' || line === ']') break;
    if (last !== '{') {
      items.push(readValue(line, cursor));
      continue;
    }
    const colon = line.indexOf(': ');
    const value = readValue(line.slice(colon + 2), cursor);
    if (!POSITION_FIELDS.test(line)) fields[line.slice(0, colon)] = value;
  }
  return { name: opening.slice(0, -1).trimEnd(), fields, items };
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

/** The text that a debug-printed Rust string stands for. */
export function unquoteRust(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, hex: string | undefined, char: string) =>
      hex === undefined ? (SIMPLE_ESCAPES[char] ?? char) : String.fromCodePoint(Number.parseInt(hex, 16)),
    );
}
