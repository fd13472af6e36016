import type { ApiError } from '@ved/core/browser';
import { isFinal } from '@ved/runner/contract';
import { expect } from 'chai';
import { until } from '../../../test/support/page-fetch.ts';
import { RunFollower } from '../browser/runs/run-follower.ts';
import { openPageOfRuns, type PageOfRuns } from './support/page-of-runs.ts';
import { addScript, startDraft, untilDone, untilWritten } from './support/runner-server.ts';

describe('the output of a run in a page', () => {
  let ved: PageOfRuns;
  let script: number;
  let follower: RunFollower;

  before(async () => {
    ved = await openPageOfRuns();
    script = await addScript(ved.editor, `console.log('first'); ${ved.waiting} console.log('second'); console.error('Error: bad');`);
  });
  after(() => ved.stop());
  beforeEach(() => {
    ved.holdAgain();
    follower = new RunFollower(ved.page.live);
  });
  afterEach(() => {
    follower.dispose();
    ved.letGo();
  });

  const lines = () => Array.from({ length: follower.lines.length }, (_, index) => follower.lines.at(index)!.text);
  const untilEnded = () => until(follower.changed, () => follower.run !== null && isFinal(follower.run.status));

  it('is shown as it is written, then how the run ended', async () => {
    follower.follow(await startDraft(ved.editor, script));
    await until(follower.grew, () => lines().includes('first'));
    expect(follower.run?.status).to.equal('running');
    expect(lines()).to.deep.equal(['first']);
    ved.letGo();
    await untilEnded();
    expect(lines()).to.have.members(['first', 'second', 'Error: bad']);
    expect(follower.run?.status).to.equal('succeeded');
    expect(follower.stderrTail).to.equal('Error: bad\n');
  });

  it('is complete, with nothing twice, when the connection was lost meanwhile', async () => {
    const run = await startDraft(ved.editor, script);
    follower.follow(run);
    await until(follower.grew, () => lines().includes('first'));
    await ved.loseConnection();
    ved.letGo();
    await untilDone(ved.editor, run);
    expect(lines()).to.deep.equal(['first']);
    await ved.restoreConnection();
    await untilEnded();
    expect(lines()).to.have.members(['first', 'second', 'Error: bad']);
    expect(follower.error).to.equal(null);
  });

  it('is the same for a run that ended before it was shown', async () => {
    ved.letGo();
    const run = await startDraft(ved.editor, script);
    await untilDone(ved.editor, run);
    follower.follow(run);
    await untilEnded();
    expect(lines()).to.have.members(['first', 'second', 'Error: bad']);
  });

  it('is replaced when another run is followed', async () => {
    const first = await startDraft(ved.editor, script);
    follower.follow(first);
    await until(follower.grew, () => lines().includes('first'));
    const second = await startDraft(ved.editor, script, "console.log('another')");
    follower.follow(second);
    expect([lines(), follower.run]).to.deep.equal([[], null]);
    await untilEnded();
    ved.letGo();
    await untilDone(ved.editor, first);
    expect([follower.run?.id, lines()]).to.deep.equal([second, ['another']]);
  });

  it('comes with the files that the run left', async () => {
    ved.controls.leaves = [{ type: 'file', name: 'table.csv', data: Buffer.from('a;b') }];
    follower.follow(await startDraft(ved.editor, script, ''));
    await untilEnded();
    ved.controls.leaves = [];
    expect(follower.files?.files.map(({ name }) => name)).to.deep.equal(['table.csv']);
  });

  it('says that there is no such run, and does not try again', async () => {
    follower.follow(4711);
    await until(follower.changed, () => follower.error !== null);
    expect((follower.error as ApiError).problem.code).to.equal('runner/unknown-run');
  });

  it('is no longer followed once it is closed', async () => {
    const run = await startDraft(ved.editor, script);
    follower.follow(run);
    await until(follower.grew, () => lines().includes('first'));
    follower.dispose();
    ved.letGo();
    await untilWritten(ved.editor, run, 'second');
    await untilDone(ved.editor, run);
    expect(lines()).to.deep.equal(['first']);
  });
});
