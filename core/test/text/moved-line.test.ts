import { expect } from 'chai';
import { movedLine } from '../../text/index.ts';

describe('a line of a text that has changed since', () => {
  it('keeps its number when the text is the same', () => {
    expect(movedLine('a\nb\nc', 'a\nb\nc', 2)).to.equal(2);
  });
  it('is found further down when lines were added above it', () => {
    expect(movedLine('a\nraise X\n', '# new\n# new\na\nraise X\n', 2)).to.equal(4);
  });
  it('is the nearest of several equal lines', () => {
    expect(movedLine('go()\na\ngo()\n', 'go()\nb\na\ngo()\n', 3)).to.equal(4);
  });
  it('is not found when it was removed, or was beyond the end', () => {
    expect(movedLine('a\nraise X\n', 'a\n', 2)).to.equal(null);
    expect(movedLine('a', 'b', 9)).to.equal(null);
  });
});
