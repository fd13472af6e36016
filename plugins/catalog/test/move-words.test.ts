import { expect } from 'chai';
import { joinRenumberings, moveWords, type Renumbering } from '../browser/move-words.ts';

const names: Record<number, string> = { 1: 'Clean orders', 2: 'Sort', 3: 'Join', 4: 'Report' };
const words = (changes: readonly Renumbering[], ...subjects: number[]) => moveWords(changes, subjects, (id) => names[id]!);
const move = (id: number, from: number, to: number): Renumbering => ({ id, from, to });

describe('the report of a move', () => {
  it('names the new group, or the new number within it', () => {
    expect(words([move(1, 302, 401)], 1)).to.equal('3.02 Clean orders moved to group 4 as 4.01.');
    expect(words([move(1, 302, 304)], 1)).to.equal('3.02 Clean orders moved to 3.04.');
  });

  it('names other scripts that were renumbered, and counts them when there are many', () => {
    expect(words([move(1, 302, 301), move(2, 301, 302)], 1)).to.equal('3.02 Clean orders moved to 3.01. 3.01 Sort is now 3.02.');
    const many = [move(1, 302, 301), move(2, 301, 302), move(3, 303, 304), move(4, 304, 305)];
    expect(words(many, 1)).to.equal('3.02 Clean orders moved to 3.01. 3 others were renumbered.');
  });

  it('joins moves in a row from first to last number, and leaves out a script that is back where it was', () => {
    const first = [move(1, 302, 303), move(2, 303, 302)];
    expect(joinRenumberings(first, [move(1, 303, 401)])).to.deep.equal([move(1, 302, 401), move(2, 303, 302)]);
    expect(joinRenumberings(first, [move(1, 303, 302), move(2, 302, 303)])).to.deep.equal([]);
    expect(joinRenumberings([], first)).to.deep.equal(first);
  });
});
