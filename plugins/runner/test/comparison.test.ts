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
    run = toExecution(await bench.runs.row(id), { stdout: 'x', stderr: '', files: [] });
    await bench.close();
  });

  const same = { a: 'print(1)', b: 'print(1)' };

  it('of the same text and input with the same result are identical, although their times differ', () => {
    const comparison = compareRuns(run, { ...run, id: 2, duration_ms: 1.5 }, same);
    expect(comparison).to.deep.include({ identical: true, differs: [] });
  });

  it('that took clearly longer are identical and say so', () => {
    expect(compareRuns(run, { ...run, duration_ms: 100 }, same)).to.deep.include({ identical: true, differs: ['time'] });
  });

  const file = (name: string, sha256: string) => ({ name, media_type: 'text/plain', size_bytes: 1, sha256 });

  it('with files name those that differ, are new or are gone, in any order', () => {
    const before = { ...run, files: [file('same', 's'), file('changed', '1'), file('gone', 'g')] };
    const after = { ...run, files: [file('new', 'n'), file('changed', '2'), file('same', 's')] };
    const comparison = compareRuns(before, after, same);
    expect(comparison).to.deep.include({ identical: false, differs: ['files'] });
    expect(comparison.files.map(({ name, a, b }) => [name, a?.sha256, b?.sha256])).to.deep.equal([
      ['changed', '1', '2'],
      ['gone', 'g', undefined],
      ['new', undefined, 'n'],
    ]);
    const reordered = { ...run, files: before.files.toReversed() };
    expect(compareRuns(before, reordered, same)).to.deep.include({ identical: true, differs: [], files: [] });
  });

  it('differ when more was left out of one than of the other', () => {
    const after: Execution = { ...run, files_left_out: [{ reason: 'large', count: 1, names: ['a'] }] };
    expect(compareRuns(run, after, same)).to.deep.include({ identical: false, differs: ['files'], files: [] });
  });

  it('differ in files if those of both were removed and can no longer be compared', () => {
    const gone: Execution = { ...run, files_left_out: [{ reason: 'retention', count: 1, names: ['a'] }] };
    expect(compareRuns(gone, gone, same)).to.deep.include({ identical: false, differs: ['files'], files: [] });
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
