/**
 * Reads CSV: RFC 4180, and what spreadsheets and people write in practice:
 * semicolons, tabs, any line ends, quotes within a cell, an unclosed quote.
 * Never fails; what makes no sense is shown as it is.
 */

const QUOTE = '"';
const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Records used to detect the separator. */
const SAMPLE_RECORDS = 20;
/** Excel's way to declare the separator, on the first line. */
const NAMED_SEPARATOR = /^sep=(.)\r?\n/;

/** The records of a text, as cells. Empty lines are skipped. */
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

/** A cell and where it ends: at a separator, or at the end of the line or the text. */
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

/** The separator, and where the table begins. */
export function dialectOf(text: string, mediaType: string): { readonly separator: string; readonly start: number } {
  const named = NAMED_SEPARATOR.exec(text);
  if (named) return { separator: named[1]!, start: named[0].length };
  if (mediaType === 'text/tab-separated-values') return { separator: '\t', start: 0 };
  // The one that gives every line the most cells: a decimal comma is not in every line, and not in a heading.
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
