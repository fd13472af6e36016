import { expect } from 'chai';
import { until } from '../../../test/support/page-fetch.ts';
import { LiveActiveRuns } from '../browser/runs/active-runs.ts';
import { openPageOfRuns, type PageOfRuns } from './support/page-of-runs.ts';
import { addScript, startDraft, untilWritten } from './support/runner-server.ts';

describe('the active runs in a page', () => {
  let ved: PageOfRuns;
  let script: number;
  let active: LiveActiveRuns;

  before(async () => {
    ved = await openPageOfRuns({ VED_RUN_CONCURRENCY: '1' });
    script = await addScript(ved.editor, `console.log('up'); ${ved.waiting}`);
  });
  after(() => ved.stop());
  beforeEach(() => ved.holdAgain());
  afterEach(async () => {
    ved.letGo();
    await until(active.activeChanged, () => active.runs.length === 0);
    active.dispose();
  });

  const states = () => Object.fromEntries(active.runs.map(({ id, status }) => [id, status]));

  it('are those of everybody, also from before the page was opened, until they end', async () => {
    const first = await startDraft(ved.editor, script);
    await untilWritten(ved.editor, first, 'up');
    active = new LiveActiveRuns(ved.page.live);
    await until(active.activeChanged, () => active.runs.length === 1);
    const second = await startDraft(ved.editor, script);
    await until(active.activeChanged, () => active.runs.length === 2);
    expect(states()).to.deep.equal({ [first]: 'running', [second]: 'queued' });
    await ved.editor.post(`/api/runs/${first}/cancel`);
    await until(active.activeChanged, () => states()[second] === 'running');
    expect(states()).to.not.have.property(String(first));
  });

  it('of a script are represented by the running one, else by the newest', async () => {
    active = new LiveActiveRuns(ved.page.live);
    const other = await addScript(ved.editor, '');
    const first = await startDraft(ved.editor, script);
    await untilWritten(ved.editor, first, 'up');
    await startDraft(ved.editor, script);
    const [, newest] = [await startDraft(ved.editor, other), await startDraft(ved.editor, other)];
    await until(active.activeChanged, () => active.runs.length === 4);
    expect([active.ofScript(script)?.id, active.ofScript(other)?.id, active.ofScript(4711)]).to.deep.equal([first, newest, null]);
  });

  it('leave out what ended while the connection was lost', async () => {
    active = new LiveActiveRuns(ved.page.live);
    const run = await startDraft(ved.editor, script);
    await untilWritten(ved.editor, run, 'up');
    await until(active.activeChanged, () => states()[run] === 'running');
    await ved.loseConnection();
    await ved.editor.post(`/api/runs/${run}/cancel`);
    expect(states()).to.deep.equal({ [run]: 'running' });
    await ved.restoreConnection();
    await until(active.activeChanged, () => active.runs.length === 0);
  });

  it('change only when the state of a run does', async () => {
    active = new LiveActiveRuns(ved.page.live);
    const run = await startDraft(ved.editor, script);
    await until(active.activeChanged, () => states()[run] === 'running');
    let changes = 0;
    active.activeChanged.connect(() => {
      changes += 1;
    });
    const known = active.runs[0]!;
    active.take({ ...known });
    active.take({ ...known, id: 4711, status: 'succeeded' });
    expect(changes).to.equal(0);
    active.take({ ...known, status: 'cancelled' });
    expect([changes, active.runs]).to.deep.equal([1, []]);
  });
});
