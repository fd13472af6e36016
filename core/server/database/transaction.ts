import type { Knex } from 'knex';

/**
 * Runs `work` in an immediate transaction: nobody else writes from its first read
 * on. Commits when `work` resolves, rolls back when it rejects. Keep it short, and
 * use only the given `trx` in it: a write through `db` waits for this transaction
 * to end, which is a deadlock.
 */
export function inTransaction<T>(db: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return db.transaction(work);
}

/**
 * Runs independent statements of one transaction in parallel, which saves round trips. Rejects with the first error, but only
 * after all have settled: a statement that ran after the rollback would be committed on its own.
 */
export async function allSettledOrThrow(...statements: readonly PromiseLike<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(statements);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
