import type { ScriptSummary } from '@ved/catalog/contract';
import { expect } from 'chai';
import { targetNewGroup, targetOver } from '../browser/drag.ts';
import { apartFromNewest, otherWords, prodWords } from '../browser/prod-state.ts';
import { toItems } from '../browser/queue-items.ts';

const script = (id: number, ordering_number: number, more: Partial<ScriptSummary> = {}) =>
  ({ id, ordering_number, major: 0, minor: 3, other_unmerged: [], ...more }) as unknown as ScriptSummary;

describe('the rows of the queue', () => {
  it('are under a heading per group, with the number of its scripts', () => {
    const items = toItems([script(1, 1), script(2, 1.5), script(3, 4.01)]);
    const short = items.map((item) => (item.kind === 'group' ? `group ${item.group}: ${item.count}` : `script ${item.script.id}`));
    expect(short).to.deep.equal(['group 1: 2', 'script 1', 'script 2', 'group 4: 1', 'script 3']);
  });

  it('have positions among the scripts, not counting the headings', () => {
    const items = toItems([script(1, 0.99), script(2, 1)]);
    expect(items.flatMap((item) => (item.kind === 'script' ? [[item.group, item.position]] : []))).to.deep.equal([
      [0, 0],
      [1, 1],
    ]);
  });
});

describe('a script that is dragged', () => {
  const queue = [script(1, 1), script(2, 1.02), script(3, 1.03), script(4, 2)];

  it('over the upper half of a row gets a number before it', () => {
    const target = targetOver(queue, 4, 2, 'upper');
    expect(target).to.deep.include({ label: '1.01', mark: { id: 2, side: 'before' }, position: { group: 1, beforeId: 2 } });
  });

  it('over the lower half of the last row of a group gets a number at its end', () => {
    expect(targetOver(queue, 4, 3, 'lower')).to.deep.include({ label: '1.04', position: { group: 1, beforeId: null } });
  });

  it('between two neighbouring numbers says how many scripts are renumbered', () => {
    const target = targetOver(queue, 4, 3, 'upper')!;
    expect(target.label).to.equal('1.03, 1 more renumbered');
    expect(target.moves).to.have.length(2);
  });

  it('over its own row changes nothing, on either half', () => {
    for (const half of ['upper', 'lower'] as const)
      expect(targetOver(queue, 2, 2, half)).to.deep.include({ label: 'no change', moves: [] });
  });

  it('to a full group is refused', () => {
    const full = Array.from({ length: 100 }, (_, at) => script(at + 10, 1 + at / 100));
    expect(targetOver([...full, script(4, 2)], 4, 10, 'upper')).to.deep.include({ label: 'group 1 is full', moves: null });
  });

  it('over a row that was removed in the meantime has no target', () => {
    expect(targetOver(queue, 4, 99, 'upper')).to.equal(null);
  });

  it('below the last row starts a new group', () => {
    expect(targetNewGroup(queue, 1)).to.deep.include({ label: 'new group 3: 3.01', mark: null });
  });
});

describe('the words next to a version', () => {
  const prod_version = { id: 5, major: 0, minor: 2 };

  it('compare it to prod', () => {
    expect(prodWords({ prod_state: 'none', prod_version: null })).to.equal('not on prod');
    expect(prodWords({ prod_state: 'same', prod_version })).to.equal('on prod');
    expect(prodWords({ prod_state: 'ahead', prod_version })).to.equal('ahead of prod v0.2');
    expect(prodWords({ prod_state: 'conflict', prod_version })).to.equal('conflicts with prod v0.2');
  });

  const other = { committer: 'eve', version_id: 7, major: 0, minor: 7, state: 'ahead', in_newest: false } as const;
  it("say whether another editor's version is in the newest one", () => {
    expect(otherWords({ ...other, in_newest: true }, { major: 0, minor: 8 })).to.equal('eve has v0.7, included in v0.8');
    expect(otherWords(other, { major: 0, minor: 8 })).to.equal('eve has v0.7, not on prod');
    expect(otherWords({ ...other, state: 'conflict' }, { major: 0, minor: 8 })).to.equal('eve has v0.7, conflicts with prod');
  });

  it('leave out the versions that the newest one includes', () => {
    const both = script(1, 1, { other_unmerged: [other, { ...other, version_id: 6, in_newest: true }] });
    expect(apartFromNewest(both).map(({ version_id }) => version_id)).to.deep.equal([7]);
  });
});
