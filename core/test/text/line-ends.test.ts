/** Line ends of a text that an editor shows with `\n` only. */
import { expect } from 'chai';
import fc from 'fast-check';
import { LineEnds, mergeWithMarkers, shownText, withLineEnds } from '../../text/index.ts';

/** The saved text after being shown, changed by `change`, and given its line ends back. */
const edited = (saved: string, change: (shown: string) => string) => withLineEnds(change(shownText(saved)), new LineEnds(saved));
const mixed = 'one\ntwo\r\nthree\rfour\u2028still four\n\ffive\r\n\r\n\r\rlast';

describe('a text with line ends of several kinds', () => {
  it('stays the same when nothing was changed', () => {
    for (const text of [mixed, `${mixed}\r\n`, '', '\r', '\r\n\n\r', '\uFEFFa\r\nb\n', 'a\r\nb\r\n', 'a\rb\r'])
      expect(edited(text, (shown) => shown)).to.equal(text);
  });

  it('changes only in the line that was edited', () => {
    expect(edited(mixed, (shown) => shown.replace('two', 'TWO'))).to.equal(mixed.replace('two', 'TWO'));
    expect(edited(mixed, (shown) => shown.replace('five', '5'))).to.equal(mixed.replace('five', '5'));
    expect(edited(mixed, (shown) => `${shown}!`)).to.equal(`${mixed}!`);
    expect(edited(mixed, (shown) => shown.replace('one', '1').replace('three', '3'))).to.equal(
      mixed.replace('one', '1').replace('three', '3'),
    );
  });

  it('gives a new line the end of the line above, and loses a removed line with its end', () => {
    expect(edited('a\r\nb\rc\n', (shown) => shown.replace('b\n', 'b\nnew\n'))).to.equal('a\r\nb\rnew\rc\n');
    expect(edited('a\r\nb\rc\n', (shown) => shown.replace('b\n', ''))).to.equal('a\r\nc\n');
    expect(edited('a\r\nb\rc', (shown) => `${shown}\n`)).to.equal('a\r\nb\rc\r');
  });

  it('keeps the line ends of unsaved changes', () => {
    const typed = 'one\r\nnew\rtwo\r\nmore\n';
    const origin = new LineEnds('one\r\ntwo\r\n');
    expect(withLineEnds(shownText(typed), origin, new LineEnds(typed))).to.equal(typed);
    expect(withLineEnds(shownText(typed).replace('more', 'MORE'), origin, new LineEnds(typed))).to.equal(
      typed.replace('more\n', 'MORE\r\n'),
    );
  });

  it('is restored exactly after any change, and contains every line that was typed', () => {
    const line = fc.constantFrom('', 'a', 'b', 'c\u2028d', '\f');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc.array(fc.tuple(line, end), { maxLength: 12 }).chain((rows) => line.map((last) => `${rows.flat().join('')}${last}`));
    fc.assert(
      fc.property(text, text, fc.boolean(), (saved, other, isGiven) => {
        const origin = new LineEnds(saved);
        const given = isGiven ? new LineEnds(other) : null;
        expect(shownText(withLineEnds(shownText(other), origin, given))).to.equal(shownText(other));
        expect(withLineEnds(shownText(saved), origin)).to.equal(saved);
      }),
    );
  });
});

describe('a merge of texts with line ends of several kinds', () => {
  const side = (title: string, text: string) => ({ title, text });

  it('keeps the end of each line', () => {
    const base = side('base', 'a\r\nb\rc\nd\r\n');
    expect(mergeWithMarkers({ base, ours: side('o', 'A\r\nb\rc\nd\r\n'), theirs: side('t', 'a\r\nb\rc\nD\r\n') })).to.equal(
      'A\r\nb\rc\nD\r\n',
    );
    expect(mergeWithMarkers({ base, ours: base, theirs: side('t', 'a\r\nb\rnew\r\nc\nd\r\n') })).to.equal('a\r\nb\rnew\r\nc\nd\r\n');
  });
});
