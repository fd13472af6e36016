/** The initials of people in a tab. */
import { expect } from 'chai';
import { initialsOf } from '../browser/presence/initials.ts';

const of = (...names: string[]) => Object.fromEntries(initialsOf(names));

describe('the initials of people who are present', () => {
  it('are the first letters', () => {
    expect(of('ed1', 'ada-lovelace', 'x')).to.deep.equal({ ed1: 'ED', 'ada-lovelace': 'AL', x: 'X' });
  });

  it('differ for names with the same start', () => {
    expect(of('ed1', 'ed2')).to.deep.equal({ ed1: 'E1', ed2: 'E2' });
    expect(of('anna', 'anne', 'bob')).to.deep.equal({ anna: 'AA', anne: 'AE', bob: 'BO' });
    expect(of('ed', 'ed1')).to.deep.equal({ ed: 'E', ed1: 'E1' });
  });

  it('are whole names when no letters distinguish them', () => {
    expect(of('ab1', 'ab1x', 'ab1y', 'a1').a1).not.to.equal(of('ab1', 'ab1x', 'ab1y', 'a1').ab1);
    for (const names of [
      ['ab1', 'ab2', 'a1'],
      ['ed1x', 'ed1y', 'ed2x'],
      ['a-b', 'ab', 'a_b'],
    ])
      expect(new Set(initialsOf(names).values()).size, names.join()).to.equal(names.length);
  });
});
