import type { ApiError } from '@ved/core/browser';
import { expect } from 'chai';
import { fetchAs } from '../../../test/support/page-fetch.ts';
import { openPageOfRuns, type PageOfRuns } from '../../runner/test/support/page-of-runs.ts';
import { untilDone } from '../../runner/test/support/runner-server.ts';
import { tryBoth } from '../browser/merge/trial.ts';

const never = new AbortController().signal;
const PRINTS_INPUT = "console.log((await import('node:fs')).readFileSync(process.argv[2], 'utf8'));";

describe('the trial of a merge', () => {
  let ved: PageOfRuns;
  let restoreFetch: () => void;
  before(async () => {
    ved = await openPageOfRuns();
    restoreFetch = fetchAs(ved.editor);
  });
  after(async () => {
    restoreFetch();
    await ved.stop();
  });

  async function created(content: string): Promise<{ scriptId: number; versionId: number }> {
    const { body } = await ved.editor.post('/api/scripts', { content, test_data: 'apples' });
    return { scriptId: body.id, versionId: body.version.id };
  }
  /** The version on prod, and a newer one. */
  async function changed(prod: string, newest: string) {
    const { scriptId } = await created(prod);
    await ved.editor.post(`/api/scripts/${scriptId}/merge`, { allow_duplicate: true });
    const { body } = await ved.editor.put(`/api/scripts/${scriptId}`, { content: newest });
    return { scriptId, versionId: body.version.id, content: null, onProd: true };
  }
  async function runsOf(scriptId: number): Promise<{ id: number; status: string }[]> {
    return (await ved.editor.get(`/api/runs?script=${scriptId}`)).body;
  }
  async function untilTwoRun(scriptId: number): Promise<void> {
    while ((await runsOf(scriptId)).filter(({ status }) => status === 'running').length < 2);
  }

  it('runs both versions on the test data, and compares them', async () => {
    const subject = await changed(PRINTS_INPUT, `${PRINTS_INPUT} process.exitCode = 1`);
    const { prod, merged, comparison } = await tryBoth(subject, never);
    expect([prod?.stdout, prod?.status, merged.stdout, merged.status]).to.deep.equal(['apples\n', 'succeeded', 'apples\n', 'failed']);
    expect([comparison?.a.id, comparison?.b.id]).to.deep.equal([prod?.id, merged.id]);
  });

  it('runs the merged text, if that differs from the version', async () => {
    const subject = await changed('console.log("prod")', 'console.log("version")');
    const { merged } = await tryBoth({ ...subject, content: 'console.log("merged")' }, never);
    expect(merged.stdout).to.equal('merged\n');
  });

  it('runs one version when there is none on prod', async () => {
    const subject = await created(PRINTS_INPUT);
    const { prod, merged, comparison } = await tryBoth({ ...subject, content: null, onProd: false }, never);
    expect([prod, comparison, merged.stdout]).to.deep.equal([null, null, 'apples\n']);
    expect(await runsOf(subject.scriptId)).to.have.length(1);
  });

  it('cancels both runs when it is aborted', async () => {
    ved.holdAgain();
    const subject = await changed(ved.waiting, `${ved.waiting} // newer`);
    const leaving = new AbortController();
    const trial = tryBoth(subject, leaving.signal).then(
      () => 'ended',
      (error: Error) => error.name,
    );
    await untilTwoRun(subject.scriptId);
    leaving.abort();
    expect(await trial).to.equal('AbortError');
    const runs = await runsOf(subject.scriptId);
    for (const { id } of runs) await untilDone(ved.editor, id);
    expect((await runsOf(subject.scriptId)).map(({ status }) => status)).to.deep.equal(['cancelled', 'cancelled']);
  });

  it('cancels the run of prod when the other is refused', async () => {
    ved.holdAgain();
    const subject = await changed(ved.waiting, `${ved.waiting} // newer`);
    const refused = await tryBoth({ ...subject, versionId: 4711 }, never).catch((error: ApiError) => error.problem.code);
    expect(refused).to.equal('catalog/no-such-version');
    while ((await runsOf(subject.scriptId)).length === 0);
    const [run] = await runsOf(subject.scriptId);
    await untilDone(ved.editor, run!.id);
    expect((await runsOf(subject.scriptId))[0]!.status).to.equal('cancelled');
  });
});
