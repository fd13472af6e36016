/**
 * A file next to the database that grows with every change of an account, so
 * that a server immediately notices changes by another process (`npm run user`)
 * without querying the database. Checking it takes a few microseconds.
 */
import { appendFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Knex } from 'knex';

export class AccountStamp {
  private readonly file: string;

  constructor(db: Knex) {
    const { filename } = db.client.config.connection as { filename: string };
    this.file = join(dirname(filename), 'accounts.changes');
  }

  /** Changes with every change of an account. */
  read(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Call it after the change is in the database, and before reporting success. */
  advance(): void {
    appendFileSync(this.file, '.', { mode: 0o600 });
  }
}
