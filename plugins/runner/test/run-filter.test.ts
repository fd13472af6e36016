import { expect } from 'chai';
import { EVERY_RUN, isFiltered, passesFilter, RunFilter } from '../browser/runs/run-filter.ts';
import { withChanged } from '../browser/runs/with-changed.ts';

const run = { script_id: 3, status: 'failed', started_by: 'ed1', source: 'prod' } as const;

describe('a filter of runs', () => {
  it('lets through what has all that it names', () => {
    expect(passesFilter(run, EVERY_RUN)).to.equal(true);
    expect(passesFilter(run, { script: 3, status: 'failed', started_by: 'ed1', source: 'prod' })).to.equal(true);
  });
  const others: RunFilter[] = [{ script: 4 }, { status: 'timeout' }, { started_by: 'ed2' }, { source: 'draft' }];
  for (const other of others)
    it(`holds back what is not of ${JSON.stringify(other)}`, () => {
      expect(passesFilter(run, { script: 3, status: 'failed', started_by: 'ed1', source: 'prod', ...other })).to.equal(false);
      expect(isFiltered(other)).to.equal(true);
    });
  it('that names nothing filters nothing', () => {
    expect([isFiltered(EVERY_RUN), isFiltered({ script: undefined })]).to.deep.equal([false, false]);
  });
  it('kept by another version of the page is refused where it says something else', () => {
    expect(RunFilter.safeParse({ status: 'fine' }).success).to.equal(false);
    expect(RunFilter.safeParse({ script: '3' }).success).to.equal(false);
  });
});

describe('a list of the newest', () => {
  const items = [{ id: 9 }, { id: 7 }, { id: 5 }];
  const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id);

  it('takes up what is new in its order, and what changed in its place', () => {
    expect(ids(withChanged(items, { id: 10 }, true))).to.deep.equal([10, 9, 7, 5]);
    expect(ids(withChanged(items, { id: 8 }, true))).to.deep.equal([9, 8, 7, 5]);
    const changed = { id: 7 };
    expect(withChanged(items, changed, true)[1]).to.equal(changed);
  });
  it('leaves to an older page what belongs there', () => {
    expect(ids(withChanged(items, { id: 4 }, true))).to.deep.equal([9, 7, 5]);
    expect(ids(withChanged(items, { id: 4 }, false))).to.deep.equal([9, 7, 5, 4]);
    expect(ids(withChanged([], { id: 4 }, false))).to.deep.equal([4]);
  });
});
