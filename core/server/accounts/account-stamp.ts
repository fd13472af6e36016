/**
 * A file beside the database that grows with every change of an account, so
 * that a server sees at once what another process (`npm run user`) changed,
 * without asking the database. Looking costs some microseconds.
 */
import { appendFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Knex } from 'knex';

export class AccountStamp {
  readonly #file: string;

  constructor(db: Knex) {
    const { filename } = db.client.config.connection as { filename: string };
    this.#file = join(dirname(filename), 'accounts.changes');
  }

  /** Changes with every change of an account. */
  read(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Call it after the change is in the database, and before its caller is told. */
  advance(): void {
    appendFileSync(this.#file, '.', { mode: 0o600 });
  }
}
