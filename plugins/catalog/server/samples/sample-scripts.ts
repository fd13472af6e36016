/** Fills an empty catalog with sample scripts, merged to prod so that the queue can run immediately. */

import { KeyedQueue } from '@ved/core/server';
import type { Knex } from 'knex';
import { notEmpty } from '../problems.ts';
import type { ProdMerge } from '../scripts/prod-merge.ts';
import type { ScriptEdits } from '../scripts/script-edits.ts';
import { average, countWords, greet, parseLedger, progress, report } from './sources.ts';

export class SampleScripts {
  /** Two people may ask at the same time; the second one finds the catalog filled. */
  private readonly turns = new KeyedQueue<'samples'>();

  constructor(
    private readonly db: Knex,
    private readonly edits: ScriptEdits,
    private readonly merges: ProdMerge,
  ) {}

  /** Returns the new ids. Throws 409 `catalog/not-empty` when there is a live script. */
  add(by: string): Promise<number[]> {
    return this.turns.run('samples', async () => {
      if (await this.db('catalog_scripts').whereNull('deleted_at').first('id')) throw notEmpty();
      const ids: number[] = [];
      for (const sample of samples) {
        const id = await this.edits.create(sample, by);
        await this.merges.merge(id, { allow_duplicate: true }, by);
        ids.push(id);
      }
      return ids;
    });
  }
}

interface Sample {
  readonly content: string;
  readonly ordering_number: number;
  readonly test_data: string;
}

const LEDGER = `date,account,amount
2026-01-05,rent,-900.00
2026-01-07,salary,3150.00
2026-01-12,food,-84.35
2026-01-19,food,-61.20
2026-01-26,books,-27.90
`;

const TEXT = `The queue runs from top to bottom.
Scripts in one group run in parallel, the groups one after another.
The first line of a docstring is the name in the catalog.
`;

const samples: readonly Sample[] = [
  { ordering_number: 1, content: greet, test_data: 'Ada\nGrace\nKatherine\n' },
  { ordering_number: 2, content: parseLedger, test_data: LEDGER },
  { ordering_number: 2.01, content: countWords, test_data: TEXT },
  { ordering_number: 2.02, content: average, test_data: '4\n8\n15\n16\n23\n42\n' },
  { ordering_number: 3, content: report, test_data: LEDGER },
  { ordering_number: 3.01, content: progress, test_data: '5\n' },
];
