/** Turns a docstring into the name and description of a script. Follows `inspect.cleandoc` of CPython 3.14. */

/** The name of a script without a docstring. */
export const UNTITLED = 'Untitled';

export interface Description {
  readonly name: string;
  readonly description: string;
}

/** The name is the first non-empty line; the description is the whole cleaned text. */
export function describe(docstring: string | null): Description {
  const description = cleandoc(docstring ?? '');
  const name = description
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
  return { name: name ?? UNTITLED, description };
}

/** Tabs expanded, the common indentation after the first line removed, empty lines at both ends dropped. */
export function cleandoc(docstring: string): string {
  const lines = expandTabs(docstring).split('\n');
  const [first = '', ...rest] = lines;
  const indents = rest.filter((line) => /[^ ]/.test(line)).map((line) => line.search(/[^ ]/));
  const margin = indents.length === 0 ? 0 : indents.reduce((least, indent) => Math.min(least, indent));
  const cleaned = [first.replace(/^ +/, ''), ...rest.map((line) => line.slice(margin))];
  while (cleaned.length > 0 && cleaned.at(-1) === '') cleaned.pop();
  const start = cleaned.findIndex((line) => line !== '');
  return cleaned.slice(Math.max(start, 0)).join('\n');
}

const TAB_SIZE = 8;

/** As `str.expandtabs()`: columns are code points, counted from each line end. */
function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let column = 0;
  let out = '';
  for (const char of text) {
    if (char === '\t') {
      const width = TAB_SIZE - (column % TAB_SIZE);
      out += ' '.repeat(width);
      column += width;
    } else {
      out += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
  }
  return out;
}
