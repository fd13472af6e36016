/**
 * Reads tables that are text: RFC 4180, and what spreadsheets and hands make of
 * it: semicolons, tabs, line ends of any kind, quotes within a cell, a quote
 * that never ends. It refuses nothing; what cannot be meant is shown as it stands.
 */

const QUOTE = '"';
const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Records looked at to tell the separator. */
const SAMPLE_RECORDS = 20;
/** Excel's own way to name the separator, in a first line of its own. */
const NAMED_SEPARATOR = /^sep=(.)\r?\n/;

/** The records of a text, cell by cell. Empty lines are none. */
export function* records(text: string, separator: string, start = 0): Generator<string[], void, undefined> {
  let at = start;
  while (at < text.length) {
    const cells: string[] = [];
    for (;;) {
      const [cell, end] = text[at] === QUOTE ? quotedCell(text, at, separator) : plainCell(text, at, separator);
      cells.push(cell);
      at = end + 1;
      if (text[end] === separator) continue;
      if (text[end] === '\r' && text[at] === '\n') at += 1;
      break;
    }
    if (cells.length > 1 || cells[0] !== '') yield cells;
  }
}

/** A cell and where it ends: at a separator, at the end of a line, at the end of the text. */
function plainCell(text: string, start: number, separator: string): [string, number] {
  const end = cellEnd(text, start, separator);
  return [text.slice(start, end), end];
}

function quotedCell(text: string, start: number, separator: string): [string, number] {
  let cell = '';
  for (let from = start + 1; ; ) {
    const quote = text.indexOf(QUOTE, from);
    if (quote < 0) return [cell + text.slice(from), text.length];
    cell += text.slice(from, quote);
    if (text[quote + 1] === QUOTE) {
      cell += QUOTE;
      from = quote + 2;
      continue;
    }
    const end = cellEnd(text, quote + 1, separator);
    return [cell + text.slice(quote + 1, end), end];
  }
}

function cellEnd(text: string, start: number, separator: string): number {
  const wanted = separator.charCodeAt(0);
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === wanted || code === 10 || code === 13) break;
  }
  return at;
}

/** What separates the cells, and where the table begins. */
export function dialectOf(text: string, mediaType: string): { readonly separator: string; readonly start: number } {
  const named = NAMED_SEPARATOR.exec(text);
  if (named) return { separator: named[1]!, start: named[0].length };
  if (mediaType === 'text/tab-separated-values') return { separator: '\t', start: 0 };
  // That one by which all lines have cells in plenty: a decimal comma is not in every line, nor in a heading.
  const scores = SEPARATORS.map((separator) => ({ separator, cells: fewestCells(text, separator) }));
  return { separator: scores.reduce((best, each) => (each.cells > best.cells ? each : best)).separator, start: 0 };
}

function fewestCells(text: string, separator: string): number {
  let fewest = Number.POSITIVE_INFINITY;
  let seen = 0;
  for (const cells of records(text, separator)) {
    fewest = Math.min(fewest, cells.length);
    seen += 1;
    if (seen === SAMPLE_RECORDS || fewest === 1) break;
  }
  return seen === 0 ? 0 : fewest;
}
