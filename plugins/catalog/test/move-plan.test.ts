import { expect } from 'chai';
import fc from 'fast-check';
import { adjacentPosition, groupOf, type Move, type Numbered, planMove, type QueuePosition, toHundredths } from '../browser/move-plan.ts';

const scripts = (...orderings: number[]): Numbered[] => orderings.map((ordering) => ({ id: ordering, ordering }));

function after(before: readonly Numbered[], moves: readonly Move[]): Numbered[] {
  const moved = new Map(moves.map((move) => [move.id, move.ordering]));
  return before
    .map((script) => ({ id: script.id, ordering: moved.get(script.id) ?? script.ordering }))
    .sort((a, b) => a.ordering - b.ordering);
}

describe('moving a script in the queue', () => {
  it('takes the number after the one before it when that is free', () => {
    expect(planMove(scripts(301, 305, 400), 400, { group: 3, beforeId: 305 })).to.deep.equal([{ id: 400, ordering: 302 }]);
  });
  it('moves up only the scripts that follow without a gap', () => {
    expect(planMove(scripts(301, 302, 303, 310, 400), 400, { group: 3, beforeId: 302 })).to.deep.equal([
      { id: 400, ordering: 302 },
      { id: 302, ordering: 303 },
      { id: 303, ordering: 304 },
    ]);
  });
  it('moves scripts down when there is no room above', () => {
    expect(planMove(scripts(398, 399, 400), 400, { group: 3, beforeId: null })).to.deep.equal([
      { id: 400, ordering: 399 },
      { id: 399, ordering: 398 },
      { id: 398, ordering: 397 },
    ]);
  });
  it('starts a new group at .01', () => {
    expect(planMove(scripts(100, 101), 101, { group: 2, beforeId: null })).to.deep.equal([{ id: 101, ordering: 201 }]);
  });
  it('goes before the first script of a group without moving it when there is room', () => {
    expect(planMove(scripts(100, 305), 100, { group: 3, beforeId: 305 })).to.deep.equal([{ id: 100, ordering: 301 }]);
    expect(planMove(scripts(100, 301), 100, { group: 3, beforeId: 301 })).to.deep.equal([{ id: 100, ordering: 300 }]);
  });
  it('changes nothing when the script is there already', () => {
    expect(planMove(scripts(301, 302, 303), 302, { group: 3, beforeId: 303 })).to.deep.equal([]);
  });
  it('is refused when the group is full', () => {
    const full = scripts(...Array.from({ length: 100 }, (_, index) => 300 + index), 400);
    expect(planMove(full, 400, { group: 3, beforeId: 350 })).to.equal(null);
  });

  it('always puts the script where asked, keeps the others in order and uses no number twice', () => {
    const queue = fc.uniqueArray(fc.integer({ min: 100, max: 499 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(queue, fc.nat(), fc.nat(), fc.boolean(), (orderings, a, b, atEnd) => {
        const before = scripts(...orderings.sort((x, y) => x - y));
        const moved = before[a % before.length]!;
        const target = before[b % before.length]!;
        fc.pre(moved.id !== target.id);
        const position: QueuePosition = { group: groupOf(target.ordering), beforeId: atEnd ? null : target.id };
        const moves = planMove(before, moved.id, position);
        expect(moves).to.not.equal(null);
        const result = after(before, moves!);
        expect(new Set(result.map((script) => script.ordering)).size).to.equal(before.length);
        const others = (list: readonly Numbered[]) => list.filter((script) => script.id !== moved.id).map((script) => script.id);
        expect(others(result)).to.deep.equal(others(before));
        for (const script of result) if (script.id !== moved.id) expect(groupOf(script.ordering)).to.equal(groupOf(script.id));
        const at = result.findIndex((script) => script.id === moved.id);
        expect(groupOf(result[at]!.ordering)).to.equal(position.group);
        if (!atEnd) expect(result[at + 1]!.id).to.equal(target.id);
      }),
    );
  });
});

describe('moving a script by one step', () => {
  const queue = scripts(100, 301, 302, 400);
  it('moves it past its neighbour in the group', () => {
    expect(adjacentPosition(queue, 302, -1)).to.deep.equal({ group: 3, beforeId: 301 });
    expect(adjacentPosition(queue, 301, 1)).to.deep.equal({ group: 3, beforeId: null });
  });
  it('moves it into the adjacent group', () => {
    expect(adjacentPosition(queue, 302, 1)).to.deep.equal({ group: 4, beforeId: 400 });
    expect(adjacentPosition(queue, 301, -1)).to.deep.equal({ group: 1, beforeId: null });
  });
  it('moves it to a new group after the last, unless it is alone in its group', () => {
    expect(adjacentPosition(scripts(301, 302), 302, 1)).to.deep.equal({ group: 4, beforeId: null });
    expect(adjacentPosition(queue, 400, 1)).to.equal(null);
    expect(adjacentPosition(queue, 100, -1)).to.equal(null);
  });
});

describe('a number in a request', () => {
  it('becomes hundredths without floating-point errors', () => {
    expect([3.1, 0.29, 1.15, 99999.99].map(toHundredths)).to.deep.equal([310, 29, 115, 9999999]);
  });
});
