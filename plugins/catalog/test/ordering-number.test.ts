import { expect } from 'chai';
import fc from 'fast-check';
import { formatNumber, fromHundredths, nextFreeInGroup, nextGroup, toHundredths } from '../server/ordering-number.ts';
import { numberToRestore } from '../server/scripts/script-order.ts';

const hundredths = fc.integer({ min: 1, max: 9_999_999 });

describe('a script number', () => {
  it('always survives a round trip through JSON', () => {
    fc.assert(
      fc.property(hundredths, (value) => toHundredths(JSON.parse(JSON.stringify(fromHundredths(value)))) === value),
      { numRuns: 5000 },
    );
  });

  it('equals its decimal text', () => {
    fc.assert(
      fc.property(hundredths, (value) => {
        const text = formatNumber(value);
        expect(text).to.match(/^\d+\.\d\d$/);
        expect(toHundredths(Number(text))).to.equal(value);
        expect(Number(text.replace('.', ''))).to.equal(value);
      }),
    );
  });

  it('keeps its order', () => {
    fc.assert(fc.property(hundredths, hundredths, (a, b) => Math.sign(a - b) === Math.sign(fromHundredths(a) - fromHundredths(b))));
  });

  it('has no third decimal (N1)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (thousandths) => {
        fc.pre(thousandths % 10 !== 0);
        expect(() => toHundredths(thousandths / 1000)).to.throw('at most two decimals');
      }),
    );
  });

  for (const bad of [0, -1, 0.001, 1.005, 0.1 + 0.2, 100_000, 1e21, 1e-7, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`cannot be ${bad} (N1)`, () => expect(() => toHundredths(bad)).to.throw('is not a valid'));
  }
});

describe('the next number', () => {
  it('starts the group after the last one (N5)', () => {
    expect([nextGroup(null), nextGroup(1), nextGroup(100), nextGroup(199), nextGroup(9_999_899)]).to.deep.equal([
      100, 100, 200, 200, 9_999_900,
    ]);
    expect(nextGroup(9_999_900)).to.equal(null);
  });

  it('in a group is free, in that group, and the wanted one if that is free (N3, N4)', () => {
    fc.assert(
      fc.property(hundredths, fc.array(fc.integer({ min: 0, max: 99 })), (wanted, takenInGroup) => {
        const group = Math.floor(wanted / 100) * 100;
        const taken = new Set(takenInGroup.map((offset) => group + offset));
        const free = nextFreeInGroup(wanted, taken);
        if (free === null) return taken.size >= 99;
        return !taken.has(free) && free > 0 && Math.floor(free / 100) * 100 === group && (free === wanted) === !taken.has(wanted);
      }),
    );
  });

  it('does not exist in a full group (N3, N4)', () => {
    expect(nextFreeInGroup(250, new Set(Array.from({ length: 100 }, (_, i) => 200 + i)))).to.equal(null);
  });

  it('for a restored script is in its group, or starts a new one when that is full (D3)', () => {
    const full = new Set(Array.from({ length: 100 }, (_, i) => 200 + i));
    expect(numberToRestore(250, new Set([250, 251]), 251)).to.equal(252);
    expect(numberToRestore(250, full, 301)).to.equal(400);
    expect(numberToRestore(250, full, 9_999_901)).to.equal(null);
  });
});
