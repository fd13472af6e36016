/** Texts for property tests: short, repetitive, with every kind of line end. */
import fc from 'fast-check';
import { splitLines } from '../../text/index.ts';

const line = fc
  .tuple(
    fc.constantFrom('', 'a', 'b', 'c', ' x', '-', '+', '\\', 'é', '\uFEFF', '--- a', '@@ -1 +1 @@'),
    fc.constantFrom('\n', '\n', '\r\n', '\r'),
  )
  .map((parts) => parts.join(''));

/** A text of up to 20 lines; the last may have no line end. */
export const anyText = fc
  .tuple(fc.array(line, { maxLength: 20 }), fc.constantFrom('', '', 'end'))
  .map(([lines, end]) => lines.join('') + end);

/** Variants of the text with some lines removed, changed or added. */
export function editsOf(text: string): fc.Arbitrary<string> {
  const lines = splitLines(text);
  const edit = fc.tuple(fc.nat(lines.length), fc.nat(2), fc.array(line, { maxLength: 2 }));
  return fc.array(edit, { maxLength: 4 }).map((edits) => {
    const edited = [...lines];
    for (const [at, removed, added] of edits) edited.splice(at, removed, ...added);
    return edited.join('');
  });
}
