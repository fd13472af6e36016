import { expect } from 'chai';
import { EVERY_RUN, isFiltered, passesFilter, RunFilter } from '../browser/runs/run-filter.ts';
import { withChanged } from '../browser/runs/with-changed.ts';

const run = { script_id: 3, status: 'failed', started_by: 'ed1', source: 'prod' } as const;

describe('a filter of runs', () => {
  it('accepts runs that match all of its members', () => {
    expect(passesFilter(run, EVERY_RUN)).to.equal(true);
    expect(passesFilter(run, { script: 3, status: 'failed', started_by: 'ed1', source: 'prod' })).to.equal(true);
  });
  const others: RunFilter[] = [{ script: 4 }, { status: 'timeout' }, { started_by: 'ed2' }, { source: 'draft' }];
  for (const other of others)
    it(`rejects runs that do not match ${JSON.stringify(other)}`, () => {
      expect(passesFilter(run, { script: 3, status: 'failed', started_by: 'ed1', source: 'prod', ...other })).to.equal(false);
      expect(isFiltered(other)).to.equal(true);
    });
  it('that is empty accepts everything', () => {
    expect([isFiltered(EVERY_RUN), isFiltered({ script: undefined })]).to.deep.equal([false, false]);
  });
  it('stored by another version of the page is refused if it is invalid', () => {
    expect(RunFilter.safeParse({ status: 'fine' }).success).to.equal(false);
    expect(RunFilter.safeParse({ script: '3' }).success).to.equal(false);
  });
});

describe('a list of the newest items', () => {
  const items = [{ id: 9 }, { id: 7 }, { id: 5 }];
  const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id);

  it('inserts new items in order, and replaces changed ones', () => {
    expect(ids(withChanged(items, { id: 10 }, true))).to.deep.equal([10, 9, 7, 5]);
    expect(ids(withChanged(items, { id: 8 }, true))).to.deep.equal([9, 8, 7, 5]);
    const changed = { id: 7 };
    expect(withChanged(items, changed, true)[1]).to.equal(changed);
  });
  it('leaves out items that belong on an older page', () => {
    expect(ids(withChanged(items, { id: 4 }, true))).to.deep.equal([9, 7, 5]);
    expect(ids(withChanged(items, { id: 4 }, false))).to.deep.equal([9, 7, 5, 4]);
    expect(ids(withChanged([], { id: 4 }, false))).to.deep.equal([4]);
  });
});
