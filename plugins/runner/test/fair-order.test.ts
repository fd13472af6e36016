import { expect } from 'chai';
import fc from 'fast-check';
import { nextPerson } from '../server/scheduler/claim.ts';

describe('people with queued runs', () => {
  it('take turns, however many runs each has queued (Q4)', () => {
    let people = ['a', 'b', 'c'].map((name) => ({ name, running: 0, lastStart: 0 }));
    const served = [1, 2, 3, 4, 5, 6].map((order) => {
      const { name } = nextPerson(people);
      people = people.map((person) => (person.name === name ? { ...person, lastStart: order } : person));
      return name;
    });
    expect(served.slice(0, 3).sort()).to.deep.equal(['a', 'b', 'c']);
    expect(served.slice(3)).to.deep.equal(served.slice(0, 3));
  });

  it('are never served after someone with more running runs (Q4)', () => {
    const person = fc.record({ name: fc.string(), running: fc.nat(5), lastStart: fc.nat(100) });
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 12 }), (people) => {
        const next = nextPerson(people);
        expect(next.running).to.equal(Math.min(...people.map((other) => other.running)));
        const rivals = people.filter((other) => other.running === next.running);
        expect(next.lastStart).to.equal(Math.min(...rivals.map((other) => other.lastStart)));
      }),
    );
  });
});
