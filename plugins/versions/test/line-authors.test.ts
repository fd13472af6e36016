import { expect } from 'chai';
import fc from 'fast-check';
import { authorsNow, authorsOfSaved, editorLines, runsOf } from '../browser/blame/line-authors.ts';

describe('the authors of the lines in an editor', () => {
  it('are those of the saved lines, even where only the editor breaks a line', () => {
    expect(authorsOfSaved('a\nb\n', [1, 2])).to.deep.equal([1, 2, null]);
    expect(authorsOfSaved('a\r\nb', [1, 2])).to.deep.equal([1, 2]);
    expect(authorsOfSaved('a\rb\nc', [1, 2])).to.deep.equal([1, 1, 2]);
    expect(authorsOfSaved('', [])).to.deep.equal([null]);
  });

  it('match the number of lines in the editor, whatever the line endings', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n') });
    fc.assert(fc.property(text, (saved) => authorsOfSaved(saved, []).length === editorLines(saved).length));
  });

  it('stay with their lines while others are changed, inserted and deleted', () => {
    const saved = ['a', 'b', 'c', 'd', 'e', ''];
    const authors = [1, 2, 3, 4, 5, null];
    expect(authorsNow(saved, authors, ['a', 'B', 'new', 'c', 'e', ''])).to.deep.equal([1, 'unsaved', 'unsaved', 3, 5, null]);
  });

  it('come back when a line is restored', () => {
    const saved = ['a', 'b', 'c'];
    const now = [...saved];
    now[1] = 'changed';
    expect(authorsNow(saved, [1, 2, 3], now)).to.deep.equal([1, 'unsaved', 3]);
    expect(authorsNow(saved, [1, 2, 3], saved)).to.deep.equal([1, 2, 3]);
  });

  it('are unknown in a script that was never saved', () => {
    expect(authorsNow([], [], ['a', ''])).to.deep.equal(['unsaved', 'unsaved']);
  });

  it('always belong to an equal saved line, in the same order', () => {
    const text = fc.array(fc.constantFrom('', 'a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (saved, now) => {
        const authors = authorsNow(
          saved,
          saved.map((_, index) => index),
          now,
        );
        expect(authors).to.have.length(now.length);
        const kept = authors.filter((author) => typeof author === 'number');
        expect(kept).to.deep.equal([...new Set(kept)].sort((a, b) => a - b));
        for (const [index, author] of authors.entries()) if (typeof author === 'number') expect(now[index]).to.equal(saved[author]);
      }),
    );
  });

  it('form one run for neighbouring lines', () => {
    expect(runsOf([1, 1, 'unsaved', 1, null])).to.deep.equal([
      { author: 1, first: 1, last: 2 },
      { author: 'unsaved', first: 3, last: 3 },
      { author: 1, first: 4, last: 4 },
    ]);
  });
});
