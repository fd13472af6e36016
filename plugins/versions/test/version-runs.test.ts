import { expect } from 'chai';
import { delayNextAnswer, until } from '../../../test/support/page-fetch.ts';
import { openPageOfRuns, type PageOfRuns } from '../../runner/test/support/page-of-runs.ts';
import { startDraft, untilDone } from '../../runner/test/support/runner-server.ts';
import { VersionRuns } from '../browser/history/version-runs.ts';

describe('the runs of each version in a page', () => {
  let ved: PageOfRuns;
  let script: number;
  let version: number;
  let runs: VersionRuns;

  before(async () => {
    ved = await openPageOfRuns();
  });
  after(() => ved.stop());
  beforeEach(async () => {
    const { body } = await ved.editor.post('/api/scripts', { content: `if (process.argv[3]) process.exit(1); ${ved.waiting}` });
    [script, version] = [body.id, body.version.id];
    ved.letGo();
    runs = new VersionRuns(ved.page.live);
  });
  afterEach(() => runs.dispose());

  async function ended(content?: string): Promise<number> {
    const run = await startDraft(ved.editor, script, content);
    await untilDone(ved.editor, run);
    return run;
  }
  async function show(): Promise<void> {
    runs.show(script);
    await until(runs.changed, () => runs.loaded);
  }

  it('are counted, with the newest one and how it ended', async () => {
    await ended();
    const newest = await ended();
    await show();
    expect(runs.of(version)).to.deep.equal({ runs: 2, last: { id: newest, status: 'succeeded' } });
  });

  it('are none for a version that never ran', async () => {
    await show();
    expect(runs.of(version)).to.equal(null);
  });

  it('count a run once, from its start to its end', async () => {
    await show();
    ved.holdAgain();
    const run = await startDraft(ved.editor, script);
    await until(runs.changed, () => runs.of(version)?.last.status === 'running');
    expect(runs.of(version)).to.deep.equal({ runs: 1, last: { id: run, status: 'running' } });
    ved.letGo();
    await until(runs.changed, () => runs.of(version)?.last.status === 'succeeded');
    expect(runs.of(version)?.runs).to.equal(1);
  });

  it('include one that started while the answer was on its way', async () => {
    const counted = await ended();
    const answer = delayNextAnswer(`/api/runs/by-version?script=${script}`);
    runs.show(script);
    await answer.reached;
    const heard = new VersionRuns(ved.page.live);
    heard.show(script);
    await until(heard.changed, () => heard.of(version)?.last.id === counted);
    const missed = await ended();
    await until(heard.changed, () => heard.of(version)?.last.id === missed && heard.of(version)?.last.status === 'succeeded');
    heard.dispose();
    answer.letGo();
    await until(runs.changed, () => runs.loaded);
    expect(runs.of(version)).to.deep.equal({ runs: 2, last: { id: missed, status: 'succeeded' } });
  });

  it('still show the newest when an older one ends after it', async () => {
    await show();
    ved.holdAgain();
    const older = await startDraft(ved.editor, script);
    const newer = await startDraft(ved.editor, script);
    await until(runs.changed, () => runs.of(version)?.last.id === newer);
    await ved.editor.post(`/api/runs/${older}/cancel`);
    await untilDone(ved.editor, older);
    ved.letGo();
    await until(runs.changed, () => runs.of(version)?.last.status === 'succeeded');
    expect(runs.of(version)).to.deep.equal({ runs: 2, last: { id: newer, status: 'succeeded' } });
  });

  it('leave out unsaved text', async () => {
    await show();
    await ended('process.exit(3)');
    await ended();
    await until(runs.changed, () => runs.of(version)?.last.status === 'succeeded');
    expect(runs.of(version)?.runs).to.equal(1);
  });
});
