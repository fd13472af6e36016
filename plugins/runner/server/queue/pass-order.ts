/** One pass at a time: which is under way, and which begins next. */
import type { Knex } from 'knex';
import type { PassRow } from '../store/rows.ts';
import type { ChangeSet } from './change-set.ts';
import { OpenPass } from './open-pass.ts';

/** The pass that has begun and not ended, if any; a cancelled one counts until its last run is gone. */
export async function activePassRow(db: Knex): Promise<PassRow | null> {
  const row = await db('runner_passes').whereNull('finished_at').whereNot({ status: 'queued' }).first();
  return row ?? null;
}

/** Begins the oldest pass that waits when none is under way, and tells the others what they wait for. */
export async function beginNextPass(trx: Knex, changed: ChangeSet, at: string): Promise<void> {
  let active = await activePassRow(trx);
  const waiting: PassRow[] = await trx('runner_passes').where({ status: 'queued' }).orderBy('id');
  for (const row of waiting) {
    const pass = await OpenPass.load(trx, changed, row.id);
    if (pass === null) continue;
    if (active === null) {
      await pass.begin(at);
      // One without runs is over as soon as it begins.
      active = await activePassRow(trx);
      continue;
    }
    const reason = `Waits for pass ${active.id}, which ${active.started_by} started.`;
    if (row.reason === reason) continue;
    pass.row.reason = reason;
    await pass.save();
  }
}
