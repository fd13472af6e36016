import { expect } from 'chai';
import type { Knex } from 'knex';
import type { RunFilter } from '../server/store/run-store.ts';
import { openQueue, type QueueBench } from './support/queue.ts';

/** SQLite's query plan for the query of the last list. */
async function planOfList(bench: QueueBench, filter: RunFilter): Promise<string> {
  const asked: Knex.Sql[] = [];
  const note = (query: Knex.Sql) => void asked.push(query);
  bench.db.on('query', note);
  await bench.runs.list(filter);
  bench.db.off('query', note);
  const steps: { detail: string }[] = await bench.db.raw(`explain query plan ${asked[0]!.sql}`, asked[0]!.bindings as string[]);
  return steps.map(({ detail }) => detail).join('; ');
}

describe('a page of the newest runs', () => {
  let bench: QueueBench;
  before(async () => {
    bench = await openQueue();
  });
  after(() => bench.close());

  const filters: RunFilter[] = [
    { status: 'succeeded' },
    { started_by: 'ed1' },
    { source: 'draft' },
    { script: 3, status: 'failed', started_by: 'ed1', source: 'prod' },
    { status: 'failed', before: 1000 },
  ];
  for (const filter of filters)
    it(`of ${JSON.stringify(filter)} is read from an index, without sorting all runs`, async () => {
      expect(await planOfList(bench, filter))
        .to.match(/^SEARCH runner_runs USING INDEX/)
        .and.not.contain('TEMP B-TREE');
    });
});
