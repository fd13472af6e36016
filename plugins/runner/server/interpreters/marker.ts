/** Parses an environment marker of a requirement (PEP 508) and normalises it. */

const VARIABLES = new Set([
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_release',
  'platform_system',
  'platform_version',
  'platform_machine',
  'platform_python_implementation',
  'implementation_name',
  'implementation_version',
]);
const OPERATORS = new Set(['<', '<=', '!=', '==', '>=', '>', '~=', '===', 'in', 'not in']);
const TOKEN = /\s*(?:(\(|\))|(===|[<>=!~]=|[<>])|(not\s+in\b|[a-z_]+)|"([^"\\]*)"|'([^'\\]*)')/y;
/** Deeper nesting is not written by hand. */
const DEEPEST = 10;

/** The normalised marker, or null if it is invalid. */
export function parseMarker(text: string): string | null {
  const tokens = tokenize(text);
  if (tokens === null) return null;
  const reader = new MarkerReader(tokens);
  const marker = reader.either(0);
  return marker !== null && reader.atEnd ? marker : null;
}

function tokenize(text: string): string[] | null {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return null;
    const [, bracket, operator, word, double, single] = match;
    tokens.push(bracket ?? operator ?? word?.replace(/\s+/, ' ') ?? quoted(double ?? single!));
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function quoted(value: string): string {
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

class MarkerReader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  /** Markers joined by `or`, of markers joined by `and`. */
  either(depth: number): string | null {
    return this.joined('or', () => this.joined('and', () => this.single(depth)));
  }

  private joined(word: 'and' | 'or', part: () => string | null): string | null {
    const parts: string[] = [];
    do {
      const next = part();
      if (next === null) return null;
      parts.push(next);
    } while (this.takes(word));
    return parts.join(` ${word} `);
  }

  private single(depth: number): string | null {
    if (depth > DEEPEST) return null;
    if (this.takes('(')) {
      const inside = this.either(depth + 1);
      return inside !== null && this.takes(')') ? `(${inside})` : null;
    }
    const [left, operator, right] = [this.tokens[this.at], this.tokens[this.at + 1], this.tokens[this.at + 2]];
    if (!isValue(left) || !OPERATORS.has(operator ?? '') || !isValue(right)) return null;
    // Comparing two strings or two variables makes no sense; pip refuses it too.
    if (VARIABLES.has(left) === VARIABLES.has(right)) return null;
    this.at += 3;
    return `${left} ${operator} ${right}`;
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }
}

function isValue(token: string | undefined): token is string {
  return token !== undefined && (VARIABLES.has(token) || /^["']/.test(token));
}
