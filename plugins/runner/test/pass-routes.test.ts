import { Execution, PassDetail } from '@ved/runner/contract';
import { expect } from 'chai';
import { addScript, addToProd, type RunnerServer, startRunnerServer, untilWritten } from './support/runner-server.ts';

const FOREVER = "console.log('up'); setInterval(() => {}, 1000)";

describe('passes over HTTP', () => {
  let ved: RunnerServer;
  before(async () => {
    ved = await startRunnerServer();
  });
  after(() => ved.server.stop());
  afterEach(async () => {
    for (const { id } of (await ved.viewer.get('/api/scripts')).body) await ved.editor.delete(`/api/scripts/${id}`);
  });

  /** Creates scripts on prod with these numbers, each of which prints its number and its test data. */
  async function queueOf(...numbers: number[]): Promise<void> {
    for (const ordering_number of numbers) {
      const content = `import { readFileSync } from 'node:fs'; console.log(${ordering_number}, readFileSync(process.argv[2], 'utf8'))`;
      await addToProd(ved.editor, content, { ordering_number, test_data: `own ${ordering_number}` });
    }
  }

  /** The groups of a pass once it runs something, with the id of the first run. */
  async function firstRun(passId: number): Promise<number> {
    const { groups } = (await ved.viewer.get(`/api/passes/${passId}`)).body;
    const id = groups[0].runs[0].id;
    await untilWritten(ved.viewer, id, 'up');
    return id;
  }

  it('return every run in order when waited for, without scripts that are not on prod (P1, P11)', async () => {
    await queueOf(2.01, 1, 2);
    await addScript(ved.editor, 'console.log("draft")');
    const { status, body } = await ved.editor.post('/api/execute/all');
    expect(status).to.equal(200);
    expect(body.map((run: Execution) => run.stdout)).to.deep.equal(['1 own 1\n', '2 own 2\n', '2.01 own 2.01\n']);
    for (const run of body) expect(Execution.strict().safeParse(run).error).to.equal(undefined);
    const [first, second] = body;
    expect(Date.parse(second.started_at)).to.be.at.least(Date.parse(first.finished_at));
  });

  it('pass test data in the request to every script (P1)', async () => {
    await queueOf(1, 2);
    const { body } = await ved.editor.post('/api/execute/all', { test_data: 'shared' });
    expect(body.map((run: Execution) => run.stdout)).to.deep.equal(['1 shared\n', '2 shared\n']);
  });

  it('return an empty list if nothing is on prod (P11)', async () => {
    await addScript(ved.editor, 'console.log("draft")');
    expect((await ved.editor.post('/api/execute/all', {})).body).to.deep.equal([]);
  });

  it('refuse malformed requests, and create nothing (Q8)', async () => {
    const before = (await ved.viewer.get('/api/passes')).body;
    expect((await ved.editor.post('/api/passes', { on_failure: 'maybe' })).status).to.equal(400);
    expect((await ved.editor.post('/api/passes', { test_data: 'x'.repeat(16 * 1024 * 1024 + 1) })).body.code).to.equal(
      'runner/test-data-too-large',
    );
    expect((await ved.viewer.get('/api/passes')).body).to.deep.equal(before);
  });

  it('can be followed run by run to the end, listed, and shown by group', async () => {
    await queueOf(1, 2, 2.5);
    const { status, body } = await ved.editor.post('/api/passes', {});
    expect(status).to.equal(202);
    const events = [];
    for await (const event of ved.viewer.events(`/api/passes/${body.pass_id}/events`)) events.push(event);
    expect(events.at(-1)).to.deep.include({ event: 'done' });
    expect(events.at(-1)?.data).to.deep.include({ status: 'succeeded', counts: { total: 3, finished: 3, failed: 0, cancelled: 0 } });
    const detail = (await ved.viewer.get(`/api/passes/${body.pass_id}`)).body;
    expect(PassDetail.safeParse(detail).error).to.equal(undefined);
    expect(
      detail.groups.map(({ group, runs }: PassDetail['groups'][number]) => [group, runs.map((run) => run.ordering_number)]),
    ).to.deep.equal([
      [1, [1]],
      [2, [2, 2.5]],
    ]);
    const listed = (await ved.viewer.get('/api/passes')).body;
    expect(listed[0]).to.include({ id: body.pass_id, status: 'succeeded' });
    expect((await ved.viewer.get(`/api/passes?before=${body.pass_id}`)).body).to.deep.equal(listed.slice(1));
    expect((await ved.viewer.get(`/api/runs?pass=${body.pass_id}`)).body).to.have.length(3);
  });

  it('that stop after a failure skip the later groups (P4, P5, P8)', async () => {
    await addToProd(ved.editor, 'process.exit(1)', { ordering_number: 1 });
    await addToProd(ved.editor, 'console.log(2)', { ordering_number: 2 });
    const stopped = (await ved.editor.post('/api/execute/all', { on_failure: 'stop' })).body;
    expect(stopped.map((run: Execution) => run.status)).to.deep.equal(['failed', 'cancelled']);
    const [pass] = (await ved.viewer.get('/api/passes')).body;
    expect(pass.counts).to.deep.equal({ total: 2, finished: 2, failed: 2, cancelled: 1 });
    const went = (await ved.editor.post('/api/execute/all', {})).body;
    expect(went.map((run: Execution) => run.status)).to.deep.equal(['failed', 'succeeded']);
  });

  it('wait for the running one and say why, and start when it is cancelled (P7, P9)', async () => {
    await addToProd(ved.editor, FOREVER, { ordering_number: 1 });
    await addToProd(ved.editor, 'console.log(2)', { ordering_number: 2 });
    const [first, second] = [
      (await ved.editor.post('/api/passes', {})).body.pass_id,
      (await ved.editor.post('/api/passes', {})).body.pass_id,
    ];
    const run = await firstRun(first);
    expect((await ved.viewer.get(`/api/passes/${second}`)).body).to.include({
      status: 'queued',
      reason: `Waiting for pass ${first}, started by ed1.`,
    });
    const cancelled = (await ved.editor.post(`/api/passes/${first}/cancel`)).body;
    expect(cancelled).to.include({ status: 'cancelled', reason: 'Cancelled by ed1.' });
    expect(cancelled.groups.map((group: PassDetail['groups'][number]) => group.runs[0]?.status)).to.deep.equal(['cancelled', 'cancelled']);
    expect((await ved.viewer.get(`/api/runs/${run}`)).body).to.include({ status: 'cancelled', stdout: 'up\n' });
    expect((await ved.editor.post(`/api/passes/${first}/cancel`)).body).to.deep.equal(cancelled);
    expect((await ved.viewer.get(`/api/passes/${second}`)).body.status).to.equal('running');
    expect((await ved.editor.post(`/api/passes/${second}/cancel`)).body.status).to.equal('cancelled');
  });

  it('are published to every page, only a few times', async () => {
    await queueOf(1, 1.01, 2);
    const leaving = new AbortController();
    const told: { event: string; data: { pass?: { status: string } } }[] = [];
    const listening = (async () => {
      for await (const event of ved.viewer.events('/api/events', { signal: leaving.signal })) {
        told.push(event);
        if (event.data?.pass?.status === 'succeeded') return;
      }
    })();
    await ved.editor.post('/api/passes', {});
    await listening;
    leaving.abort();
    expect(told.map((event) => event.event)).to.include('runner/run-changed');
    expect(told.filter((event) => event.event === 'runner/pass-changed').length).to.be.within(1, 12);
  });
});
