/** Files of old runs are removed to make room for those of newer ones. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pino from 'pino';
import { FilesRetention } from '../server/retention/files-retention.ts';
import { until } from './engines/support/until.ts';
import { filesOf } from './support/files.ts';
import { FAILED, openQueue, pass, type QueueBench, SUCCEEDED, wanted } from './support/queue.ts';
import { addScript, startRunnerServer } from './support/runner-server.ts';

const KIB = 1024;

describe('files of runs that exceed the limit', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueue();
  });
  afterEach(() => bench.close());

  const leave = async (texts: Record<string, string>, outcome = FAILED): Promise<number> => {
    const id = await bench.queue.addRun(wanted('ed1', 100));
    await bench.claim(1);
    await bench.queue.finish(id, outcome, [], await filesOf(texts));
    return id;
  };
  const holdTo = (bytes: number): Promise<void> => new FilesRetention(bench.db, bytes, pino({ enabled: false })).removeOld();
  const counts = (): Promise<number[]> => bench.db('runner_runs').orderBy('id').pluck('file_count');

  it('are removed from the oldest runs, no more than necessary; the runs stay and say so (L8)', async () => {
    for (const letter of ['a', 'b', 'c']) await leave({ 'x.txt': letter.repeat(4 * KIB), 'y.txt': `${letter} small` });
    await holdTo(9 * KIB);
    expect(await counts()).to.deep.equal([0, 2, 2]);
    const run = await bench.runs.execution(1);
    expect(run.files).to.deep.equal([]);
    expect(run.files_left_out).to.deep.equal([{ reason: 'retention', count: 2, names: ['x.txt', 'y.txt'] }]);
    expect((await bench.runs.inputsOf(1)).content).to.equal('print(1)');
    const blobs = (await bench.db('runner_blobs').pluck('data')).map(String);
    expect(blobs.filter((text) => text.startsWith('a'))).to.deep.equal([]);
  });

  it('stay up to exactly the limit', async () => {
    await leave({ 'x.txt': 'a'.repeat(KIB) });
    await leave({ 'x.txt': 'b'.repeat(KIB) });
    await holdTo(2 * KIB);
    expect(await counts()).to.deep.equal([1, 1]);
    await holdTo(2 * KIB - 1);
    expect(await counts()).to.deep.equal([0, 1]);
  });

  it('of the last success and the last full pass stay, even beyond the limit (L8)', async () => {
    const own = (letter: string) => ({ 'x.txt': letter.repeat(2 * KIB) });
    await leave(own('a'), SUCCEEDED);
    const success = await leave(own('b'), SUCCEEDED);
    await bench.queue.addPass(pass('ed1', [200, 300]));
    const inPass: number[] = [];
    for (const letter of ['c', 'd']) {
      const [id] = await bench.claim(1);
      await bench.queue.finish(id!, FAILED, [], await filesOf(own(letter)));
      inPass.push(id!);
    }
    await leave(own('e'));
    await holdTo(KIB);
    const keeping = await bench.db('runner_runs').where('file_count', '>', 0).orderBy('id').pluck('id');
    expect(keeping).to.deep.equal([success, ...inPass]);
  });

  it('count once if several runs have the same, and are removed until the rest fits', async () => {
    for (let run = 0; run < 30; run += 1) await leave({ 'same.txt': 's'.repeat(2 * KIB) });
    const other = await leave({ 'same.txt': 's'.repeat(2 * KIB), 'own.txt': 'o'.repeat(KIB) });
    await holdTo(3 * KIB);
    expect(new Set(await counts())).to.deep.equal(new Set([1, 2]));
    await leave({ 'new.txt': 'n'.repeat(2 * KIB) });
    await holdTo(3 * KIB);
    // A file shared by all runs is removed only with the last of them.
    expect((await counts()).slice(-2)).to.deep.equal([0, 1]);
    expect((await bench.runs.execution(other)).files_left_out).to.deep.equal([
      { reason: 'retention', count: 2, names: ['same.txt', 'own.txt'] },
    ]);
  });
});

describe('a server that starts with a lower limit for files', () => {
  it('removes those of the oldest runs', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ved-files-retention-'));
    const nineMib = { type: 'file', name: 'x.bin' } as const;
    try {
      const first = await startRunnerServer({}, dataDir);
      const script = await addScript(first.editor, 'process.exitCode = 1');
      const runs: number[] = [];
      for (const byte of [1, 2]) {
        first.controls.leaves = [{ ...nineMib, data: Buffer.alloc(9 * 1024 * KIB, byte) }];
        const { body } = await first.editor.post(`/api/execute/${script}`, { source: 'draft' });
        expect(body.file_count).to.equal(1);
        runs.push(body.id);
      }
      await first.server.stop();
      const second = await startRunnerServer({ VED_RUN_FILES_BYTES: String(16 * 1024 * KIB) }, dataDir);
      const countOf = async (run: number) => (await second.viewer.get(`/api/runs/${run}`)).body.file_count;
      await until(async () => (await countOf(runs[0]!)) === 0, 'the files of the first run go');
      expect(await countOf(runs[1]!)).to.equal(1);
      await second.server.stop();
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
