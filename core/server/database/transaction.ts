/** The one way to write several rows together. */
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
