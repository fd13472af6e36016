/** One pass at a time: which is under way, which begins next, and how one ends before its time. */
import type { Knex } from 'knex';
import type { PassRow } from '../store/rows.ts';
import type { Step } from './step.ts';

/** The pass that has begun and not ended, if any; a cancelled one counts until its last run is gone. */
export async function activePass(db: Knex): Promise<PassRow | null> {
  const row = await db('runner_passes').whereNull('finished_at').whereNot({ status: 'queued' }).first();
  return row ?? null;
}

/** Begins the oldest pass that waits when none is under way, and tells the others what they wait for. */
export async function beginNextPass(step: Step): Promise<void> {
  await step.save();
  let active = await activePass(step.trx);
  const waiting: PassRow[] = await step.trx('runner_passes').where({ status: 'queued' }).orderBy('id');
  for (const row of waiting) {
    const pass = await step.pass(row.id);
    if (active === null) {
      await pass.begin();
      await step.save();
      // One without runs is over as soon as it begins.
      active = await activePass(step.trx);
      continue;
    }
    const reason = `Waits for pass ${active.id}, which ${active.started_by} started.`;
    if (row.reason !== reason) pass.change({ reason });
  }
}

/** Ends what waits of a pass. Answers with its runs that are being carried out; the pass is over when they are. */
export async function cancelPass(step: Step, passId: number, reason: string): Promise<number[]> {
  const pass = await step.pass(passId);
  if (pass.isOver) return [];
  const running = await pass.running();
  if (pass.status === 'cancelled') return running;
  pass.change({ status: 'cancelled', reason });
  await pass.endWaiting(reason);
  await pass.advance();
  if (pass.isOver) await beginNextPass(step);
  return running;
}
