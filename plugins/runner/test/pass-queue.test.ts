import { expect } from 'chai';
import fc from 'fast-check';
import { FAILED, openQueue, pass, type QueueBench, queueOver, SUCCEEDED, wanted } from './support/queue.ts';

describe('a pass', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueue();
  });
  afterEach(() => bench.close());

  const orderings = async (ids: readonly number[]) => (await bench.runs.rows(ids)).map((row) => row.ordering);
  const finishAll = async (ids: readonly number[], outcome = SUCCEEDED) => {
    for (const id of ids) await bench.queue.finish(id, outcome, []);
  };

  it('runs its groups in ascending order, each in parallel, after all runs of the previous one have ended (P2, P4)', async () => {
    const id = await bench.queue.addPass(pass('ed1', [300, 101, 201, 199, 100, 202]));
    const first = await bench.claim(10);
    expect(await orderings(first)).to.have.members([100, 101, 199]);
    await finishAll(first.slice(0, 2));
    expect(await bench.claim(10)).to.deep.equal([]);
    await finishAll(first.slice(2), FAILED);
    const second = await bench.claim(10);
    expect(await orderings(second)).to.have.members([201, 202]);
    await finishAll(second);
    await finishAll(await bench.claim(10));
    expect(await bench.passes.row(id)).to.include({ status: 'failed', total: 6, finished: 6, failed: 1 });
  });

  it('is one of at most twenty unfinished ones of a person; the next is refused, and leaves nothing (Q7)', async () => {
    const ids: number[] = [];
    for (let count = 0; count < 20; count++) ids.push(await bench.queue.addPass(pass('ed1', [100])));
    const rows = async () => Number((await bench.db('runner_runs').count({ count: '*' }))[0]!.count);
    const before = await rows();
    const refused = await bench.queue.addPass(pass('ed1', [100])).catch((error: Error) => error);
    expect(refused).to.include({ code: 'runner/too-many-passes', status: 503 });
    expect((refused as Error).message)
      .to.contain('20 unfinished passes')
      .and.to.contain('cancel some');
    expect(await rows()).to.equal(before);
    await bench.queue.addPass(pass('mo1', [100]));
    await bench.queue.cancelPass(ids[10]!, 'Cancelled by ed1.');
    await bench.queue.addPass(pass('ed1', [100]));
  });

  it('starts each script exactly once, and never two groups at the same time (Q2, P2)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (numbers, room) => {
          const id = await bench.queue.addPass(pass('ed1', numbers));
          const started: number[] = [];
          while ((await bench.passes.row(id)).finished_at === null) {
            const claimed = await bench.claim(room);
            const groups = new Set((await orderings(claimed)).map((ordering) => Math.floor(ordering / 100)));
            expect(groups.size).to.equal(1);
            started.push(...(await orderings(claimed)));
            await finishAll(claimed);
          }
          expect([...started].sort((a, b) => a - b)).to.deep.equal([...numbers].sort((a, b) => a - b));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('that stops after a failure skips later groups and says so (P5)', async () => {
    const id = await bench.queue.addPass(pass('ed1', [100, 101, 200, 300], 'stop'));
    const first = await bench.claim(10);
    await finishAll(first.slice(0, 1), FAILED);
    expect((await bench.passes.row(id)).finished_at).to.equal(null);
    await finishAll(first.slice(1));
    const detail = await bench.passes.detail(id);
    expect(detail).to.include({ status: 'failed', reason: 'Stopped because a run did not succeed.' });
    expect(detail.groups.slice(1).flatMap((group) => group.runs.map((run) => run.status))).to.deep.equal(['cancelled', 'cancelled']);
    expect(await bench.claim(10)).to.deep.equal([]);
  });

  it('without runs ends immediately (P6)', async () => {
    const id = await bench.queue.addPass(pass('ed1', []));
    expect(await bench.passes.row(id)).to.include({ status: 'succeeded', total: 0 });
  });

  it('waits for the running one, says for which, and starts after it (P7)', async () => {
    const first = await bench.queue.addPass(pass('ed1', [100]));
    const second = await bench.queue.addPass(pass('mo1', [100]));
    expect(await bench.passes.row(second)).to.include({ status: 'queued', reason: `Waiting for pass ${first}, started by ed1.` });
    await finishAll(await bench.claim(10));
    expect(await bench.passes.row(second)).to.include({ status: 'running', reason: null });
    await finishAll(await bench.claim(10));
    expect(await bench.passes.row(second)).to.include({ status: 'succeeded' });
  });

  it('lets a single run of the same person go first (Q5)', async () => {
    await bench.queue.addPass(pass('ed1', [100, 101]));
    const single = await bench.queue.addRun(wanted('ed1'));
    expect(await bench.claim(1)).to.deep.equal([single]);
  });

  it('that is cancelled starts nothing more, and ends with its last run (P9)', async () => {
    const id = await bench.queue.addPass(pass('ed1', [100, 200]));
    const next = await bench.queue.addPass(pass('mo1', [100]));
    const running = await bench.claim(10);
    expect(await bench.queue.cancelPass(id, 'Cancelled by mo1.')).to.deep.equal(running);
    expect(await bench.passes.row(id)).to.include({ status: 'cancelled', finished_at: null });
    await finishAll(running, { ...FAILED, status: 'cancelled' });
    expect((await bench.passes.row(id)).finished_at).to.be.a('string');
    expect((await bench.passes.row(next)).status).to.equal('running');
    expect(await bench.queue.cancelPass(id, 'Cancelled by ed1.')).to.deep.equal([]);
    expect((await bench.passes.row(id)).reason).to.equal('Cancelled by mo1.');
  });

  it('that is queued can be cancelled, and the running one continues (P10)', async () => {
    const first = await bench.queue.addPass(pass('ed1', [100]));
    const second = await bench.queue.addPass(pass('mo1', [100]));
    await bench.queue.cancelPass(second, 'Cancelled by mo1.');
    expect((await bench.passes.row(second)).finished_at).to.be.a('string');
    expect((await bench.passes.row(first)).status).to.equal('running');
  });

  describe('that was interrupted by the end of the server', () => {
    const restart = () => queueOver(bench.db).recover();

    it('ends with the reason, and the next one starts (S6)', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 200]));
      const next = await bench.queue.addPass(pass('mo1', [100]));
      await bench.claim(1);
      await restart();
      const detail = await bench.passes.detail(id);
      expect(detail).to.include({ status: 'engine_error', reason: 'The server stopped while it was running.' });
      expect(detail.groups.flatMap((group) => group.runs.map((run) => run.status))).to.deep.equal(['engine_error', 'cancelled']);
      expect((await bench.passes.row(next)).status).to.equal('running');
    });

    it('continues if none of its runs had started (S7)', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 200]));
      await restart();
      expect(await bench.passes.row(id)).to.include({ status: 'running', finished_at: null });
      expect(await orderings(await bench.claim(10))).to.deep.equal([100]);
    });
  });
});
