/** Settings and layout of each person, kept on the server so that they follow the person. */
import { Unprocessable } from '@ved/core/contract';
import type { Knex } from 'knex';
import { inTransaction } from '../database/transaction.ts';

/** Far above what the workspace keeps; bounds what one account can fill the disk with. */
const MAX_ENTRIES = 500;
const MAX_VALUE_BYTES = 1024 * 1024;

export class UserState {
  constructor(private readonly db: Knex) {}

  /** The raw text of every setting, by id. */
  async settings(username: string): Promise<Record<string, string>> {
    const rows: { id: string; raw: string }[] = await this.#own('core_user_settings', username).select('s.id', 's.raw');
    return Object.fromEntries(rows.map(({ id, raw }) => [id, raw]));
  }

  async setSetting(username: string, id: string, raw: string): Promise<void> {
    await inTransaction(this.db, async (trx) => {
      const user_id = await userId(trx, username);
      await trx('core_user_settings').insert({ user_id, id, raw }).onConflict(['user_id', 'id']).merge();
      await refuseTooMany(trx, 'core_user_settings', user_id);
    });
  }

  /** Every kept value, by key. */
  async state(username: string): Promise<Record<string, unknown>> {
    const rows: { key: string; value_json: string }[] = await this.#own('core_user_state', username).select('s.key', 's.value_json');
    return Object.fromEntries(rows.map(({ key, value_json }) => [key, JSON.parse(value_json)]));
  }

  /** Sets the keys given; null removes one. */
  async setState(username: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const kept = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
    const rows = kept.map(([key, value]) => ({ key, value_json: JSON.stringify(value) }));
    for (const { key, value_json } of rows) {
      if (Buffer.byteLength(value_json) > MAX_VALUE_BYTES) {
        throw new Unprocessable('workspace/value-too-large', `The value of ${key} is larger than ${MAX_VALUE_BYTES} bytes.`);
      }
    }
    const removed = Object.keys(values).filter((key) => !kept.some(([name]) => name === key));
    await inTransaction(this.db, async (trx) => {
      const user_id = await userId(trx, username);
      for (const row of rows)
        await trx('core_user_state')
          .insert({ user_id, ...row })
          .onConflict(['user_id', 'key'])
          .merge();
      if (removed.length > 0) await trx('core_user_state').where({ user_id }).whereIn('key', removed).delete();
      await refuseTooMany(trx, 'core_user_state', user_id);
    });
  }

  #own(table: string, username: string) {
    return this.db(`${table} as s`).join('core_users as u', 'u.id', 's.user_id').where('u.username', username);
  }
}

async function userId(trx: Knex.Transaction, username: string): Promise<number> {
  const row = await trx('core_users').where({ username }).first('id');
  return row.id;
}

async function refuseTooMany(trx: Knex.Transaction, table: string, user_id: number): Promise<void> {
  const [{ count } = { count: 0 }] = await trx(table).where({ user_id }).count({ count: '*' });
  if (Number(count) > MAX_ENTRIES)
    throw new Unprocessable('workspace/too-many', `More than ${MAX_ENTRIES} entries cannot be kept for one person.`);
}
