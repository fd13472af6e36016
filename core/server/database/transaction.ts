/** The way to write several rows as one. */
import type { Knex } from 'knex';

/**
 * Runs `work` in an immediate transaction: from its first read on, nobody else
 * writes. Commits when `work` resolves, rolls back when it rejects. Keep it
 * short and use only the given `trx` in it: a write through `db` waits for the
 * transaction to end, and so for itself.
 */
export function inTransaction<T>(db: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return db.transaction(work);
}

/**
 * Waits for statements of one transaction that do not need each other: those on their way together cost each other's time
 * only once. Rejects as the first of them does, when all are over: one that came after the rollback would be written by itself.
 */
export async function together(...statements: readonly PromiseLike<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(statements);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
