import { expect } from 'chai';
import { addScript, type RunnerServer, startDraft, startRunnerServer, untilDone } from './support/runner-server.ts';

describe('the runs of each version of a script', () => {
  let at: RunnerServer;
  before(async () => {
    at = await startRunnerServer();
  });
  after(() => at.server.stop());

  const ask = (query: string) => at.viewer.get(`/api/runs/by-version?${query}`);

  it('are counted, with the outcome of the newest, and without unsaved text', async () => {
    const id = await addScript(at.editor, 'console.log(1)');
    expect((await ask(`script=${id}`)).body).to.deep.equal([]);
    const first = (await at.editor.get(`/api/scripts/${id}`)).body.version.id;
    for (const content of [undefined, undefined, 'console.log("unsaved")'])
      await untilDone(at.editor, await startDraft(at.editor, id, content));
    const second = (await at.editor.put(`/api/scripts/${id}`, { content: 'process.exit(3)' })).body.version.id;
    const failed = await startDraft(at.editor, id);
    await untilDone(at.editor, failed);
    expect((await ask(`script=${id}`)).body).to.deep.equal([
      { version_id: second, runs: 1, last: { id: failed, status: 'failed' } },
      { version_id: first, runs: 2, last: { id: failed - 2, status: 'succeeded' } },
    ]);
  });

  it('are refused for an invalid script id', async () => {
    for (const query of ['', 'script=x', 'script=-1']) expect((await ask(query)).status, query).to.equal(400);
    expect((await at.server.agent().get('/api/runs/by-version?script=1')).status).to.equal(401);
  });
});
