import type { Execution } from '@ved/runner/contract';
import { expect } from 'chai';
import { compareRuns } from '../server/comparison.ts';
import { toExecution } from '../server/store/rows.ts';
import { openQueue, SUCCEEDED, wanted } from './support/queue.ts';

describe('two runs', () => {
  let run: Execution;
  before(async () => {
    const bench = await openQueue();
    const id = await bench.queue.addRun(wanted('ed1'));
    await bench.claim(1);
    await bench.queue.finish(id, SUCCEEDED, []);
    run = toExecution(await bench.runs.row(id), { stdout: 'x', stderr: '' });
    await bench.close();
  });

  const same = { a: 'print(1)', b: 'print(1)' };

  it('of the same text and input with the same result are identical, though their times are never the same', () => {
    const comparison = compareRuns(run, { ...run, id: 2, duration_ms: 1.5 }, same);
    expect(comparison).to.deep.include({ identical: true, differs: [] });
  });

  it('that took clearly longer are identical and say so', () => {
    expect(compareRuns(run, { ...run, duration_ms: 100 }, same)).to.deep.include({ identical: true, differs: ['time'] });
  });

  it('name everything in which they differ', () => {
    const other: Execution = {
      ...run,
      input_sha256: 'f',
      engine: 'docker',
      status: 'failed',
      exit_code: 1,
      stderr: 'no',
      peak_memory_bytes: 5,
    };
    const comparison = compareRuns(run, other, { a: 'print(1)', b: 'print(2)' });
    expect(comparison.identical).to.equal(false);
    expect(comparison.differs).to.deep.equal(['code', 'input', 'engine', 'status', 'exit_code', 'stderr', 'memory']);
    expect(comparison.code).to.deep.equal({ a: 'print(1)', b: 'print(2)' });
  });
});
