import type { RunEnd } from '@ved/catalog/contract';
import { expect } from 'chai';
import { openQueue, type QueueBench, queueOver, SUCCEEDED, take, wanted } from './support/queue.ts';

describe('a queue of single runs', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueue();
  });
  afterEach(() => bench.close());

  const startedBy = async (ids: readonly number[]) => (await bench.runs.rows(ids)).map((row) => row.started_by);

  it('gives each person a turn, regardless of who has more runs (Q4)', async () => {
    for (let count = 0; count < 6; count += 1) await bench.queue.addRun(wanted('greedy'));
    await bench.queue.addRun(wanted('ed1'));
    await bench.queue.addRun(wanted('mo1'));
    expect((await startedBy(await bench.claim(4))).sort()).to.deep.equal(['ed1', 'greedy', 'greedy', 'mo1']);
  });

  it('keeps the turns over several claims (Q4)', async () => {
    for (const person of ['a', 'a', 'a', 'b', 'b', 'b']) await bench.queue.addRun(wanted(person));
    const order: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const [id] = await bench.claim(1);
      order.push(...(await startedBy([id!])));
      await bench.queue.finish(id!, SUCCEEDED, []);
    }
    expect(order).to.deep.equal(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('starts the runs of one person in the order in which they were requested (Q5)', async () => {
    const ids: number[] = [];
    for (const ordering of [300, 100, 200]) ids.push(await bench.queue.addRun(wanted('ed1', ordering)));
    const started = [await bench.claim(1), await bench.claim(1), await bench.claim(1)];
    expect(started.flat()).to.deep.equal(ids);
  });

  it('returns every run once, even to concurrent claims (Q2)', async () => {
    const other = queueOver(bench.db);
    for (let count = 0; count < 20; count += 1) await bench.queue.addRun(wanted('ed1'));
    const taken = await Promise.all([...Array(10).keys()].map((index) => take(index % 2 ? bench.queue : other, 3)));
    const ids = taken.flat().map((run) => run.id);
    expect(ids).to.have.length(20);
    expect(new Set(ids).size).to.equal(20);
  });

  it("claims runs in the step that adds them, unless it is someone else's turn", async () => {
    const [first, claimed] = await Promise.all([bench.queue.addRun(wanted('ed1', 100, 'print(1)')), take(bench.queue, 1)]);
    expect(claimed.map(({ id, code }) => [id, Buffer.from(code).toString()])).to.deep.equal([[first, 'print(1)']]);
    const row = await bench.runs.row(first);
    expect(row.started_at).to.equal(row.queued_at);
    const waiting = await bench.queue.addRun(wanted('mo1'));
    const [second, next] = await Promise.all([bench.queue.addRun(wanted('ed1')), take(bench.queue, 1)]);
    expect(next.map(({ id }) => id)).to.deep.equal([waiting]);
    expect((await bench.runs.row(second)).status).to.equal('queued');
  });

  it('starts the next run in the step that ends one, with the same time', async () => {
    const [first, second] = [await bench.queue.addRun(wanted('ed1')), await bench.queue.addRun(wanted('ed1'))];
    await bench.claim(1);
    const [, claimed] = await Promise.all([bench.queue.finish(first, SUCCEEDED, []), take(bench.queue, 1)]);
    expect(claimed.map(({ id }) => id)).to.deep.equal([second]);
    const [was, is] = await bench.runs.rows([first, second]);
    expect(is).to.include({ status: 'running', started_at: was!.finished_at });
  });

  it('claims nothing in a step that fails, and retries the other work of the step alone', async () => {
    const id = await bench.queue.addRun(wanted('ed1'));
    await bench.db.schema.raw("CREATE TRIGGER full BEFORE UPDATE ON runner_runs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    const failed = take(bench.queue, 1).catch((error: Error) => error.message);
    const other = bench.queue.addRun(wanted('mo1'));
    expect(await failed).to.include('the disk is full');
    expect((await bench.runs.rows([id, await other])).map(({ status }) => status)).to.deep.equal(['queued', 'queued']);
    await bench.db.schema.raw('DROP TRIGGER full');
    expect(await bench.claim(1)).to.deep.equal([id]);
  });

  it('reports the ends of runs that had started, and of no others', async () => {
    const [went, waited] = [await bench.queue.addRun(wanted('ed1', 100)), await bench.queue.addRun(wanted('ed1', 200))];
    await bench.claim(1);
    await bench.queue.finish(went, SUCCEEDED, []);
    await bench.queue.cancelRun(waited, 'Cancelled by ed1.');
    expect(bench.ends.map(({ at: _, ...end }) => end)).to.deep.equal([{ runId: went, scriptId: 100, exitCode: 0, status: 'succeeded' }]);
  });

  it('records the engine of a run when it is claimed', async () => {
    const id = await bench.queue.addRun(wanted('ed1', 100, 'print("é")'));
    const [claimed] = await take(bench.queue, 1);
    expect(Buffer.from(claimed!.code).toString()).to.equal('print("é")');
    expect(await bench.runs.row(id)).to.include({ status: 'running', engine: 'node', interpreter: 'node-20', start_order: 1 });
  });

  it('stores the same text and test data once', async () => {
    for (let count = 0; count < 5; count += 1) await bench.queue.addRun(wanted('ed1'));
    expect(await bench.db('runner_blobs').pluck('size_bytes')).to.have.members([8, 0]);
  });

  it('preserves NUL and every other character of the output', async () => {
    const id = await bench.queue.addRun(wanted('ed1'));
    await bench.claim(1);
    await bench.queue.append(id, [{ seq: 3, stream: 'stdout', text: 'a\0b' }]);
    await bench.queue.finish(id, SUCCEEDED, [
      { seq: 4, stream: 'stderr', text: '\u0000😀\ufffd' },
      { seq: 5, stream: 'stdout', text: '\r\n' },
    ]);
    expect(await bench.runs.execution(id)).to.include({ stdout: 'a\0b\r\n', stderr: '\u0000😀\ufffd', status: 'succeeded' });
  });

  it('ends a run only once: later changes have no effect (S1, S2)', async () => {
    const id = await bench.queue.addRun(wanted('ed1'));
    expect(await bench.queue.cancelRun(id, 'Cancelled by ed1.')).to.equal(false);
    expect(await bench.queue.cancelRun(id, 'Cancelled by mo1.')).to.equal(false);
    await bench.queue.finish(id, SUCCEEDED, []);
    expect(await bench.runs.row(id)).to.include({ status: 'cancelled', reason: 'Cancelled by ed1.', started_at: null });
    expect(await bench.claim(1)).to.deep.equal([]);
  });

  it('reports that a running run must be aborted by its executor', async () => {
    const id = await bench.queue.addRun(wanted('ed1'));
    await bench.claim(1);
    expect(await bench.queue.cancelRun(id, 'Cancelled by ed1.')).to.equal(true);
    expect((await bench.runs.row(id)).status).to.equal('running');
  });

  it('refuses a person with a thousand queued runs, and nobody else (Q6)', async () => {
    const template = await bench.queue.addRun(wanted('greedy'));
    const { id, ...row } = await bench.runs.row(template);
    for (let at = 0; at < 999; at += 333) await bench.db('runner_runs').insert(Array.from({ length: 333 }, () => row));
    const refused = await bench.queue.addRun(wanted('greedy')).catch((error: Error) => error);
    expect(refused).to.include({ code: 'runner/queue-full', status: 503 });
    expect(await bench.queue.addRun(wanted('ed1'))).to.be.above(id);
  });

  it('tells listeners only about durable changes', async () => {
    const seen: Promise<string[]>[] = [];
    bench.queue.onChange(({ runs }) => seen.push(bench.runs.rows(runs).then((rows) => rows.map((row) => row.status))));
    const id = await bench.queue.addRun(wanted('ed1'));
    await bench.claim(1);
    await bench.queue.finish(id, SUCCEEDED, []);
    expect((await Promise.all(seen)).flat()).to.have.length(3);
    expect((await seen.at(-1))?.[0]).to.equal('succeeded');
  });
});

describe('a queue left behind by a previous server process', () => {
  it('ends what was running, keeps queued runs, and claims nothing twice (S4, S5)', async () => {
    const bench = await openQueue();
    try {
      const [was, waits] = [await bench.queue.addRun(wanted('ed1')), await bench.queue.addRun(wanted('ed1'))];
      await bench.claim(1);
      const ends: RunEnd[] = [];
      const next = queueOver(bench.db, ends);
      await next.recover();
      const row = await bench.runs.row(was);
      expect(row).to.include({ status: 'engine_error', reason: 'The server stopped while it was running.' });
      expect(row.finished_at).to.be.a('string');
      expect(ends).to.deep.equal([{ runId: was, scriptId: 100, at: row.finished_at, exitCode: null, status: 'engine_error' }]);
      expect((await take(next, 5)).map((run) => run.id)).to.deep.equal([waits]);
    } finally {
      await bench.close();
    }
  });
});
