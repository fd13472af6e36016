/**
 * Parses a script's inline metadata (PEP 723): which Python it requires and which
 * packages. Finds the comment exactly like the specification's regular expression, but
 * line by line: that expression takes quadratic time on some texts.
 */
import { validRange } from '@renovatebot/pep440';
import { parse, TomlError } from 'smol-toml';
import { parseRequirement } from './requirement.ts';

/** What a script declares. */
export interface ScriptNeeds {
  /** A PEP 440 specifier, such as `>=3.13`; null for any Python. */
  readonly requiresPython: string | null;
  /** Requirements, normalised, sorted, without duplicates. */
  readonly packages: readonly string[];
}

/** The script's metadata is invalid. The message is for its author. */
export class ScriptBlockError extends Error {
  override readonly name = 'ScriptBlockError';
}

export const NO_NEEDS: ScriptNeeds = { requiresPython: null, packages: [] };

const BEGIN = '# /// ';
const START = /^# \/\/\/ ([a-zA-Z0-9-]+)$/;
const LINE_END = /\r\n|\r|\n/;
const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];
const END = '# ///';
/** Only the first: a second one is a syntax error to Python. */
const BYTE_ORDER_MARK = /^\ufeff/;
/** More would not be written by hand. */
const MOST_PACKAGES = 100;
const MOST_CHARACTERS = 64 * 1024;
const LONGEST_SPECIFIER = 300;

interface Block {
  readonly type: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly content: string;
}

/** `NO_NEEDS` when there is no `script` block. Throws ScriptBlockError. */
export function readScriptBlock(text: string): ScriptNeeds {
  const blocks = findBlocks(text).filter(({ type }) => type === 'script');
  if (blocks.length === 0) return NO_NEEDS;
  if (blocks.length > 1) {
    const lines = blocks.map(({ line }) => line).join(' and ');
    throw new ScriptBlockError(`Only one "# /// script" block is allowed, but there are ${blocks.length}: on lines ${lines}.`);
  }
  return needsOf(blocks[0]!);
}

/** Whether a script declares packages. False if its metadata is invalid: such a script fails anyway. */
export function asksForPackages(code: Uint8Array): boolean {
  const bytes = Buffer.from(code.buffer, code.byteOffset, code.byteLength);
  // Fast path: a pass checks every script, and hardly any has such a block.
  if (!bytes.includes(`${BEGIN}script`)) return false;
  try {
    return readScriptBlock(bytes.toString('utf8')).packages.length > 0;
  } catch (error) {
    if (error instanceof ScriptBlockError) return false;
    throw error;
  }
}

/** All blocks of any type, in order. Line ends are Python's universal newlines, and a byte order mark is skipped, as in Python. */
export function findBlocks(text: string): Block[] {
  const source = text.replace(BYTE_ORDER_MARK, '');
  const blocks: Block[] = [];
  let line = 1;
  let counted = 0;
  for (let at = source.indexOf(BEGIN); at >= 0; at = source.indexOf(BEGIN, at)) {
    const afterStart = nextLine(source, at);
    const start = isLineStart(source, at) ? START.exec(lineAt(source, at)) : null;
    if (!start) {
      at += 1;
      continue;
    }
    // The last end marker of the comment counts, and must not directly follow the start.
    let end = -1;
    let after = afterStart;
    for (; isComment(source, after); after = nextLine(source, after))
      if (after > afterStart && source.startsWith(END, after) && lineAt(source, after) === END) end = after;
    if (end >= 0) {
      for (; counted < at; counted = nextLine(source, counted)) line += 1;
      blocks.push({ type: start[1]!, line, content: contentOf(source.slice(afterStart, end)) });
    }
    at = end >= 0 ? nextLine(source, end) : after;
  }
  return blocks;
}

/** The lines of a comment without `# `. A comment that is too long in any case is returned as it is. */
function contentOf(comment: string): string {
  if (comment.length > 3 * MOST_CHARACTERS + 3) return comment;
  const lines = comment.split(LINE_END).slice(0, -1);
  return lines.map((line) => line.slice(2)).join('\n');
}

/** Where the line after the one at `at` starts. Scans characters, because a text may have half a million lines. */
function nextLine(source: string, at: number): number {
  const end = lineEnd(source, at);
  return source.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, source.length);
}

function lineAt(source: string, at: number): string {
  return source.slice(at, lineEnd(source, at));
}

function lineEnd(source: string, at: number): number {
  let end = at;
  for (; end < source.length; end += 1) {
    const code = source.charCodeAt(end);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) break;
  }
  return end;
}

function isLineStart(source: string, at: number): boolean {
  const before = at === 0 ? LINE_FEED : source.charCodeAt(at - 1);
  return before === LINE_FEED || before === CARRIAGE_RETURN;
}

/** Whether the line at `at` is just `#` or starts with `# `. */
function isComment(source: string, at: number): boolean {
  if (source[at] !== '#') return false;
  const next = source[at + 1];
  return next === undefined || next === ' ' || next === '\n' || next === '\r';
}

function needsOf(block: Block): ScriptNeeds {
  const where = `the "# /// script" block on line ${block.line}`;
  if (block.content.length > MOST_CHARACTERS) throw new ScriptBlockError(`${where.replace('the', 'The')} is longer than 64 KiB.`);
  const table = parseToml(block);
  const { dependencies = [], 'requires-python': requiresPython = null } = table;
  if (requiresPython !== null && !isSpecifier(requiresPython)) {
    throw new ScriptBlockError(`In ${where}, requires-python must be a string such as ">=3.13", not ${JSON.stringify(requiresPython)}.`);
  }
  if (!Array.isArray(dependencies) || !dependencies.every((each) => typeof each === 'string')) {
    throw new ScriptBlockError(`In ${where}, dependencies must be a list of strings such as ["requests>=2"].`);
  }
  if (dependencies.length > MOST_PACKAGES) {
    throw new ScriptBlockError(`In ${where}, dependencies names ${dependencies.length} packages; the limit is ${MOST_PACKAGES}.`);
  }
  const packages = dependencies.map((each) => {
    const parsed = parseRequirement(each);
    if ('refused' in parsed) throw new ScriptBlockError(`In ${where}, ${JSON.stringify(each)} cannot be installed: ${parsed.refused}`);
    return parsed.text;
  });
  return { requiresPython, packages: [...new Set(packages)].sort() };
}

function isSpecifier(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_SPECIFIER && validRange(value);
}

function parseToml({ content, line }: Block): Record<string, unknown> {
  try {
    return parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new ScriptBlockError(`Line ${line + error.line} of the "# /// script" block is not valid TOML: ${reason}.`);
  }
}
