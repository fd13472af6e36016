/**
 * Reads the docstring of a module without Python, for when Python is not
 * available: decodes the string literals at the start of the program. Named
 * characters (`\N{BULLET}`) stay as written. Python's own answer takes precedence.
 */

/** The docstring; null when there is none. */
export function plainDocstring(content: string): string | null {
  const source = content.replace(/\r\n?/g, '\n');
  let at = skip(/\ufeff?(?:[ \t\f]|\\\n|#[^\n]*|\n)*/y, source, 0);
  let value: string | null = null;
  let depth = 0;
  for (;;) {
    const char = source[at];
    const literal = literalAt(source, at);
    if (literal !== null) {
      value = (value ?? '') + literal.value;
      at = literal.end;
    } else if (char === '(' && value === null) depth += 1;
    else if (char === ')' && depth > 0 && value !== null) depth -= 1;
    else break;
    if (literal === null) at += 1;
    at = skip(depth > 0 ? /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y : /(?:[ \t\f]|\\\n)*/y, source, at);
  }
  const ended = at === source.length || '\n;#'.includes(source[at] ?? '');
  return depth === 0 && ended ? value : null;
}

function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(source)?.[0].length ?? 0);
}

const START = /([rRuU]?)('''|"""|'|")/y;

/** The string literal at `at`, or null when none starts there or it is unterminated. */
function literalAt(source: string, at: number): { value: string; end: number } | null {
  START.lastIndex = at;
  const [opening = '', prefix = '', quote = ''] = START.exec(source) ?? [];
  if (quote === '') return null;
  const start = at + opening.length;
  for (let i = start; i < source.length; i += source[i] === '\\' ? 2 : 1) {
    if (source[i] === '\n' && quote.length === 1) return null;
    if (!source.startsWith(quote, i)) continue;
    const body = source.slice(start, i);
    return { value: /r/i.test(prefix) ? body : decode(body), end: i + quote.length };
  }
  return null;
}

const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = { '\n': '', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function decode(body: string): string {
  return body.replace(ESCAPE, (all, octal, hex, short, long, char) => {
    if (char !== undefined) return SIMPLE[char] ?? (`\\'"`.includes(char) ? char : all);
    const code = octal === undefined ? Number.parseInt(hex ?? short ?? long, 16) : Number.parseInt(octal, 8);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
  });
}
