import { expect } from 'chai';
import { until } from '../../../test/support/page-fetch.ts';
import { RunList } from '../browser/runs/run-list.ts';
import { openPageOfRuns, type PageOfRuns } from './support/page-of-runs.ts';
import { addScript, startDraft, untilDone } from './support/runner-server.ts';

describe('the list of runs in a page', () => {
  let ved: PageOfRuns;
  let good: number;
  let bad: number;
  let list: RunList;

  before(async () => {
    ved = await openPageOfRuns();
    good = await addScript(ved.editor, '');
    bad = await addScript(ved.editor, 'process.exit(1)');
  });
  after(() => ved.stop());
  beforeEach(async () => {
    list = new RunList(ved.page.live);
    list.reload();
    await until(list.changed, () => list.loaded);
  });
  afterEach(() => list.dispose());

  async function ended(script: number): Promise<number> {
    const run = await startDraft(ved.editor, script);
    await untilDone(ved.editor, run);
    return run;
  }
  const ids = () => list.items.map(({ id }) => id);
  const statusOf = (run: number) => list.items.find(({ id }) => id === run)?.status;

  it('names the people who started one as soon as they do', async () => {
    expect(list.starters).to.deep.equal([]);
    await ended(good);
    await until(list.changed, () => list.starters.includes('ed1'));
  });

  it('shows each run as it is queued and ends, newest first', async () => {
    const [first, second] = [await ended(good), await ended(bad)];
    await until(list.changed, () => statusOf(second) === 'failed');
    expect(statusOf(first)).to.equal('succeeded');
    expect(ids().slice(0, 2)).to.deep.equal([second, first]);
  });

  it('shows only what passes its filter, now and later', async () => {
    await ended(good);
    list.show({ status: 'failed' });
    await until(list.changed, () => list.items.length > 0 && list.items.every(({ status }) => status === 'failed'));
    await ended(good);
    const failed = await ended(bad);
    await until(list.changed, () => statusOf(failed) === 'failed');
    expect(list.items.map(({ status }) => status)).to.not.include('succeeded');
  });

  it('loads nothing for a filter that is set before it is first shown', async () => {
    const hidden = new RunList(ved.page.live);
    hidden.show({ script: bad });
    expect(hidden.loaded).to.equal(false);
    hidden.reload();
    await until(hidden.changed, () => hidden.loaded);
    expect(new Set(hidden.items.map((run) => run.script_id))).to.deep.equal(new Set([bad]));
    hidden.dispose();
  });
});
