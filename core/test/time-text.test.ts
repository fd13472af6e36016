import { expect } from 'chai';
import { exactTime, nextChangeMs, relativeTime } from '../browser/parts/time-text.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

describe('a moment as text', () => {
  const texts: [seconds: number, text: string][] = [
    [-30, 'just now'],
    [0, 'just now'],
    [5, '5 s ago'],
    [59, '59 s ago'],
    [60, '1 m ago'],
    [3599, '59 m ago'],
    [3600, '1 h ago'],
    [86_399, '23 h ago'],
    [86_400, '1 d ago'],
    [30 * 86_400, '30 d ago'],
  ];
  for (const [seconds, text] of texts) {
    it(`is "${text}" after ${seconds} seconds`, () => {
      expect(relativeTime(before(seconds), now)).to.equal(text);
    });
  }

  it('is a date after a month', () => {
    expect(relativeTime(before(40 * 86_400), now)).to.equal('2026-10-13');
  });

  it("is exact to a hundredth of a second, in the user's time zone", () => {
    expect(exactTime(new Date(2026, 10, 2, 8, 3, 9, 128))).to.equal('2026-11-02 08:03:09.12');
  });

  it('is updated more often the more recent it is', () => {
    const waits = [10, 600, 90_000].map((seconds) => nextChangeMs(before(seconds), now));
    expect(waits).to.deep.equal([...waits].sort((a, b) => a - b));
    expect(new Set(waits).size).to.equal(3);
  });
});
