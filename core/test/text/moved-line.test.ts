import { expect } from 'chai';
import { movedLine } from '../../text/index.ts';

describe('a line of a text that was changed since', () => {
  it('stays where it is in the same text', () => {
    expect(movedLine('a\nb\nc', 'a\nb\nc', 2)).to.equal(2);
  });
  it('is found below what was typed above it', () => {
    expect(movedLine('a\nraise X\n', '# new\n# new\na\nraise X\n', 2)).to.equal(4);
  });
  it('is the nearest of several alike', () => {
    expect(movedLine('go()\na\ngo()\n', 'go()\nb\na\ngo()\n', 3)).to.equal(4);
  });
  it('is nowhere when it was taken out, or lies beyond the end', () => {
    expect(movedLine('a\nraise X\n', 'a\n', 2)).to.equal(null);
    expect(movedLine('a', 'b', 9)).to.equal(null);
  });
});
