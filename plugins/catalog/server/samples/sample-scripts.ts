/** Fills an empty catalog with sample scripts, merged to prod so that the queue can run immediately. */

import { KeyedQueue } from '@ved/core/server';
import type { Knex } from 'knex';
import { notEmpty } from '../problems.ts';
import type { ProdMerge } from '../scripts/prod-merge.ts';
import type { ScriptEdits } from '../scripts/script-edits.ts';
import { samples } from './samples.ts';

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
