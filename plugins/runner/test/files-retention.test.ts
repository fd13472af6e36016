/** Files of old runs make room for those of newer ones. */
import { expect } from 'chai';
import pino from 'pino';
import { FilesRetention } from '../server/retention/files-retention.ts';
import { filesOf } from './support/files.ts';
import { FAILED, openQueue, type QueueBench, wanted } from './support/queue.ts';

const KIB = 1024;

describe('files of runs that take more room than there is for them', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueue();
  });
  afterEach(() => bench.close());

  const leave = async (texts: Record<string, string>): Promise<number> => {
    const id = await bench.queue.addRun(wanted('ed1', 100));
    await bench.claim(1);
    await bench.queue.finish(id, FAILED, [], await filesOf(texts));
    return id;
  };
  const holdTo = (bytes: number): Promise<void> => new FilesRetention(bench.db, bytes, pino({ enabled: false })).removeOld();
  const counts = (): Promise<number[]> => bench.db('runner_runs').orderBy('id').pluck('file_count');

  it('go with the oldest runs, as many as need to; the runs stay and say so', async () => {
    for (const letter of ['a', 'b', 'c']) await leave({ 'x.txt': letter.repeat(4 * KIB), 'y.txt': `${letter} small` });
    await holdTo(9 * KIB);
    expect(await counts()).to.deep.equal([0, 2, 2]);
    const run = await bench.runs.execution(1);
    expect(run.files).to.deep.equal([]);
    expect(run.files_left_out).to.deep.equal([{ reason: 'retention', count: 2, names: ['x.txt', 'y.txt'] }]);
    expect((await bench.runs.handed(1)).content).to.equal('print(1)');
    const blobs = (await bench.db('runner_blobs').pluck('data')).map(String);
    expect(blobs.filter((text) => text.startsWith('a'))).to.deep.equal([]);
  });

  it('stay to the last byte that there is for them', async () => {
    await leave({ 'x.txt': 'a'.repeat(KIB) });
    await leave({ 'x.txt': 'b'.repeat(KIB) });
    await holdTo(2 * KIB);
    expect(await counts()).to.deep.equal([1, 1]);
    await holdTo(2 * KIB - 1);
    expect(await counts()).to.deep.equal([0, 1]);
  });

  it('count once when several runs left the same, and go on being looked for until there is room', async () => {
    for (let run = 0; run < 30; run += 1) await leave({ 'same.txt': 's'.repeat(2 * KIB) });
    const other = await leave({ 'same.txt': 's'.repeat(2 * KIB), 'own.txt': 'o'.repeat(KIB) });
    await holdTo(3 * KIB);
    expect(new Set(await counts())).to.deep.equal(new Set([1, 2]));
    await leave({ 'new.txt': 'n'.repeat(2 * KIB) });
    await holdTo(3 * KIB);
    // What all of them share goes only with the last of them.
    expect((await counts()).slice(-2)).to.deep.equal([0, 1]);
    expect((await bench.runs.execution(other)).files_left_out).to.deep.equal([
      { reason: 'retention', count: 2, names: ['same.txt', 'own.txt'] },
    ]);
  });
});
