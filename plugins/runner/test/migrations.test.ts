import { expect } from 'chai';
import { foundAgain } from '../server/migrations/005-found-again.ts';
import { needsPackages } from '../server/migrations/008-needs-packages.ts';
import { runnerMigrations } from '../server/migrations/index.ts';
import { filesOf } from './support/files.ts';
import { FAILED, openQueue, pass, SUCCEEDED, wanted } from './support/queue.ts';

describe("the runner's schema, with rows in it", () => {
  it('can be removed and created again', async () => {
    const bench = await openQueue();
    try {
      await bench.queue.addPass(pass('ed1', [100]));
      const [run] = await bench.claim(1);
      await bench.queue.finish(run!, SUCCEEDED, [{ seq: 3, stream: 'stdout', text: 'x' }], await filesOf({ 'a.txt': 'a' }));
      const tables = () => bench.db('sqlite_master').where({ type: 'table' }).whereLike('name', 'runner_%').orderBy('name').pluck('name');
      const before = await tables();
      expect(before).to.deep.equal(['runner_blobs', 'runner_files', 'runner_output', 'runner_passes', 'runner_runs']);
      for (const migration of runnerMigrations.toReversed()) await migration.down(bench.db);
      expect(await tables()).to.deep.equal([]);
      for (const migration of runnerMigrations) await migration.up(bench.db);
      expect(await tables()).to.deep.equal(before);
    } finally {
      await bench.close();
    }
  });

  it('detects whether queued runs need packages', async () => {
    const bench = await openQueue();
    try {
      const texts = ['print(1)', '# /// script\n# dependencies = ["a"]\n# ///\n'];
      for (const text of [...texts, ...texts]) await bench.queue.addRun(wanted('ed1', 100, text));
      await bench.claim(2);
      await needsPackages.down(bench.db);
      await needsPackages.up(bench.db);
      expect(await bench.db('runner_runs').orderBy('id').pluck('needs_packages')).to.deep.equal([0, 0, 0, 1]);
    } finally {
      await bench.close();
    }
  });

  it('counts the cancelled runs of older passes', async () => {
    const bench = await openQueue();
    try {
      const stopped = await bench.queue.addPass(pass('ed1', [100, 200, 201], 'stop'));
      const [run] = await bench.claim(1);
      await bench.queue.finish(run!, FAILED, []);
      const other = await bench.queue.addPass(pass('ed1', [100]));
      const cancelled = async () => (await bench.passes.rows([stopped, other])).map((row) => [row.failed, row.cancelled]);
      expect(await cancelled()).to.deep.equal([
        [3, 2],
        [0, 0],
      ]);
      await foundAgain.down(bench.db);
      await foundAgain.up(bench.db);
      expect(await cancelled()).to.deep.equal([
        [3, 2],
        [0, 0],
      ]);
    } finally {
      await bench.close();
    }
  });
});
