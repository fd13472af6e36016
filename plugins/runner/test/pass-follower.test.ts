import type { ApiError } from '@ved/core/browser';
import { expect } from 'chai';
import { until } from '../../../test/support/page-fetch.ts';
import { PassFollower } from '../browser/passes/pass-follower.ts';
import { openPageOfRuns, type PageOfRuns } from './support/page-of-runs.ts';
import { addToProd } from './support/runner-server.ts';

describe('a pass in a page', () => {
  let ved: PageOfRuns;
  let follower: PassFollower;

  before(async () => {
    ved = await openPageOfRuns();
    // Added out of order: the numbers decide.
    await addToProd(ved.editor, "console.log('2')", { ordering_number: 2 });
    await addToProd(ved.editor, 'process.exit(1)', { ordering_number: 1.5 });
    await addToProd(ved.editor, ved.waiting, { ordering_number: 1 });
  });
  after(() => ved.stop());
  beforeEach(async () => {
    ved.holdAgain();
    const { status, body } = await ved.editor.post('/api/passes', {});
    if (status !== 202) throw new Error(`the pass was refused: ${JSON.stringify(body)}`);
    follower = new PassFollower(body.pass_id, ved.page.live);
  });
  afterEach(async () => {
    ved.letGo();
    await untilEnded();
    follower.dispose();
  });

  const untilEnded = () => until(follower.changed, () => Boolean(follower.pass?.finished_at));
  const states = () => follower.groups.map(({ group, runs }) => [group, runs.map(({ status }) => status)]);
  const untilFirstRuns = () => until(follower.changed, () => follower.groups[0]?.runs[0]?.status === 'running');

  it('shows its groups in the order of their numbers, and each run as it goes on', async () => {
    await untilFirstRuns();
    expect(follower.groups.map(({ group, runs }) => [group, runs.map((run) => run.ordering_number)])).to.deep.equal([
      [1, [1, 1.5]],
      [2, [2]],
    ]);
    expect(follower.groups[1]!.runs[0]!.status).to.equal('queued');
    ved.letGo();
    await untilEnded();
    expect(states()).to.deep.equal([
      [1, ['succeeded', 'failed']],
      [2, ['succeeded']],
    ]);
    expect(follower.pass).to.deep.include({ status: 'failed', counts: { total: 3, finished: 3, failed: 1, cancelled: 0 } });
  });

  it('shows what happened while the connection was lost', async () => {
    await untilFirstRuns();
    await ved.loseConnection();
    await ved.editor.post(`/api/passes/${follower.passId}/cancel`);
    expect(follower.pass?.status).to.equal('running');
    await ved.restoreConnection();
    await untilEnded();
    expect(follower.pass?.status).to.equal('cancelled');
    expect(states()[1]).to.deep.equal([2, ['cancelled']]);
  });

  it('that does not exist is an error, which is not tried again', async () => {
    const none = new PassFollower(4711, ved.page.live);
    await until(none.changed, () => none.error !== null);
    expect((none.error as ApiError).problem.code).to.equal('runner/unknown-pass');
    none.dispose();
  });
});
