/**
 * Finds the docstring of a module. A scanner bounds the string literals that
 * begin the program; the parser says what they mean. The rest of the program
 * may be broken: a script keeps its name while someone is typing in it.
 */
import { parseDebugTree, type TreeNode, type TreeValue, unquoteRust } from './debug-tree.ts';

/** The docstring as `ast.get_docstring(tree, clean=False)` gives it; null when there is none. */
export function moduleDocstring(content: string, dumpTree: (source: string) => string): string | null {
  const source = leadingStrings(content.replace(/\r\n?/g, '\n'));
  return source === null ? null : stringStatement(parseDebugTree(dumpTree(source)));
}

/** The source of the first statement when it consists of string literals only (in parentheses or not); else null. */
function leadingStrings(source: string): string | null {
  let at = source.startsWith('\ufeff') ? 1 : 0;
  at = skip(/(?:[ \t\f]|\\\n|#[^\n]*|\n)*/y, source, at);
  const start = at;
  let depth = 0;
  for (;;) {
    const char = source[at];
    const string = stringAt(source, at);
    if (string !== null) at = string;
    else if (char === '(') depth += 1;
    else if (char === ')' && depth > 0) depth -= 1;
    else break;
    if (string === null) at += 1;
    at = skip(depth > 0 ? /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y : /(?:[ \t\f]|\\\n)*/y, source, at);
  }
  const ended = at === source.length || '\n;#'.includes(source[at] ?? '');
  return depth === 0 && ended && at > start ? source.slice(start, at) : null;
}

function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(source)?.[0].length ?? 0);
}

const STRING_START = /[rRuU]?('''|"""|'|")/y;

/** Where the string literal at `at` ends, or null when none begins there or it is not ended. */
function stringAt(source: string, at: number): number | null {
  STRING_START.lastIndex = at;
  const start = STRING_START.exec(source);
  const quote = start?.[1];
  if (!start || quote === undefined) return null;
  let i = at + start[0].length;
  while (i < source.length) {
    if (source[i] === '\\') i += 2;
    else if (source.startsWith(quote, i)) return i + quote.length;
    else if (source[i] === '\n' && quote.length === 1) return null;
    else i += 1;
  }
  return null;
}

/** The value of a module that is one string expression; null for any other. */
function stringStatement(module: TreeValue): string | null {
  const body = field(field(firstItem(module), 'body'), null);
  const statement = body.length === 1 ? body[0] : undefined;
  return statement === undefined ? null : stringValue(statement);
}

/** The text of an expression statement that is a plain string literal; null for any other statement. */
export function stringValue(statement: TreeValue): string | null {
  if (typeof statement === 'string' || statement.name !== 'Expr') return null;
  const literal = field(firstItem(statement), 'value');
  if (typeof literal === 'string' || literal.name !== 'StringLiteral') return null;
  return literalText(literal);
}

/** The text of a (possibly concatenated) string literal. */
export function literalText(node: TreeNode): string {
  const parts: string[] = [];
  const visit = (value: TreeValue): void => {
    if (typeof value === 'string') return;
    const own = value.fields.value;
    if (value.name === 'StringLiteral' && typeof own === 'string') parts.push(unquoteRust(own));
    for (const child of [...Object.values(value.fields), ...value.items]) visit(child);
  };
  visit(node);
  return parts.join('');
}

function firstItem(value: TreeValue): TreeValue {
  return typeof value === 'string' ? '' : (value.items[0] ?? '');
}

function field(value: TreeValue, name: string): TreeValue;
function field(value: TreeValue, name: null): readonly TreeValue[];
function field(value: TreeValue, name: string | null): TreeValue | readonly TreeValue[] {
  if (name === null) return typeof value === 'string' ? [] : value.items;
  return typeof value === 'string' ? '' : (value.fields[name] ?? '');
}
