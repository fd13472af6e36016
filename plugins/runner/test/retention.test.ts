import { expect } from 'chai';
import pino from 'pino';
import { RunsRetention } from '../server/retention/runs-retention.ts';
import { filesOf } from './support/files.ts';
import { FAILED, openQueue, pass, type QueueBench, SUCCEEDED, wanted } from './support/queue.ts';

describe('old runs', () => {
  let bench: QueueBench;
  let retention: RunsRetention;
  beforeEach(async () => {
    bench = await openQueue();
    retention = new RunsRetention(bench.db, 3, pino({ enabled: false }));
  });
  afterEach(() => bench.close());

  const ids = (): Promise<number[]> => bench.db('runner_runs').orderBy('id').pluck('id');

  async function ran(outcome = FAILED, text = 'print(1)'): Promise<number> {
    const id = await bench.queue.addRun(wanted('ed1', 100, text));
    await bench.claim(1);
    await bench.queue.finish(id, outcome, [{ seq: 3, stream: 'stdout', text: 'x' }]);
    return id;
  }

  it('are removed, except the newest, with their output and with texts that no run refers to (L7)', async () => {
    for (let run = 1; run <= 60; run += 1) await ran(FAILED, `print(${run})`);
    await retention.removeOld();
    expect(await ids()).to.deep.equal([58, 59, 60]);
    expect(await bench.db('runner_output').pluck('run_id')).to.deep.equal([58, 59, 60]);
    // Three texts, and the empty test data that they share.
    expect(await bench.db('runner_blobs').pluck('sha256')).to.have.length(4);
    expect((await bench.runs.inputsOf(58)).content).to.equal('print(58)');
  });

  it('are removed with their files, except files shared with another run', async () => {
    const leave = async (texts: Record<string, string>) => {
      const id = await bench.queue.addRun(wanted('ed1', 100));
      await bench.claim(1);
      await bench.queue.finish(id, FAILED, [], await filesOf(texts));
      return id;
    };
    await leave({ 'a.txt': 'shared', 'b.txt': 'only of the first', 'code.py': 'print(1)' });
    const kept = await leave({ 'c.txt': 'shared', 'd.txt': 'shared' });
    for (let run = 0; run < 2; run += 1) await ran();
    const blobs = async () => (await bench.db('runner_blobs').pluck('data')).map(String);
    expect(await blobs()).to.include.members(['shared', 'only of the first']);
    await retention.removeOld();
    expect(await bench.db('runner_files').pluck('run_id')).to.deep.equal([kept, kept]);
    expect(await blobs())
      .to.include('shared')
      .and.not.to.include('only of the first');
    expect((await bench.runs.execution(kept)).files.map(({ name }) => name)).to.deep.equal(['c.txt', 'd.txt']);
    // A script's text may equal a file of another run: it stays while either is kept.
    expect((await bench.runs.inputsOf(kept)).content).to.equal('print(1)');
  });

  it('stay if they are the last successful ones (L7)', async () => {
    await ran(SUCCEEDED);
    const success = await ran(SUCCEEDED);
    for (let run = 0; run < 4; run += 1) await ran();
    await retention.removeOld();
    expect(await ids()).to.deep.equal([success, 4, 5, 6]);
  });

  it('stay if they belong to the last full pass, and a pass is removed with its last run (L7)', async () => {
    for (const passBy of ['ed1', 'mo1']) {
      await bench.queue.addPass(pass(passBy, [100, 101]));
      for (const id of await bench.claim(5)) await bench.queue.finish(id, FAILED, []);
    }
    for (let run = 0; run < 4; run += 1) await ran();
    for (let run = 0; run < 4; run += 1) {
      const id = await bench.queue.addRun(wanted('ed1', 101));
      await bench.claim(1);
      await bench.queue.finish(id, FAILED, []);
    }
    await retention.removeOld();
    expect(await bench.db('runner_passes').pluck('id')).to.deep.equal([2]);
    expect(await ids()).to.deep.equal([3, 4, 6, 7, 8, 10, 11, 12]);
  });

  it('of the last full pass stay, not those of one that stopped early (L7)', async () => {
    await bench.queue.addPass(pass('ed1', [100, 200]));
    for (const group of [1, 2]) for (const id of await bench.claim(group)) await bench.queue.finish(id, FAILED, []);
    await bench.queue.addPass(pass('ed1', [100, 200], 'stop'));
    for (const id of await bench.claim(1)) await bench.queue.finish(id, FAILED, []);
    expect(await bench.db('runner_passes').pluck('status')).to.deep.equal(['failed', 'failed']);
    expect((await bench.runs.row(4)).status).to.equal('cancelled');
    for (let run = 0; run < 4; run += 1) await ran();
    await retention.removeOld();
    expect(await ids()).to.deep.equal([1, 2, 4, 6, 7, 8]);
  });

  it('stay while they have not ended, however many there are (L7)', async () => {
    for (let run = 0; run < 5; run += 1) await bench.queue.addRun(wanted('ed1'));
    await retention.removeOld();
    expect(await ids()).to.have.length(5);
  });
});
