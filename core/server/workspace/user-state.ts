/**
 * Each person's settings and layout, stored on the server so that they follow the
 * person, within the limits of `limits.ts`. A refused write changes nothing;
 * somebody who is over a limit may still store less than before.
 */
import type { Knex } from 'knex';
import { inTransaction } from '../database/transaction.ts';
import { type PersonLimit, personLimits } from '../limits.ts';

interface Table {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly bytes: PersonLimit;
}

const SETTINGS: Table = { name: 'core_user_settings', key: 'id', value: 'raw', bytes: personLimits.settingsBytes };
const STATE: Table = { name: 'core_user_state', key: 'key', value: 'value_json', bytes: personLimits.stateBytes };

export class UserState {
  constructor(private readonly db: Knex) {}

  /** The raw text of every setting, by id. */
  async settings(username: string): Promise<Record<string, string>> {
    return Object.fromEntries(await this.read(SETTINGS, username));
  }

  async setSetting(username: string, id: string, raw: string): Promise<void> {
    await this.write(SETTINGS, username, [[id, raw]], []);
  }

  /** All values by key, as the text of one JSON object: up to 2 MiB that need not be parsed here. */
  async stateJson(username: string): Promise<string> {
    const values = await this.read(STATE, username);
    return `{${values.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
  }

  /** Sets the given keys; null removes one. */
  async setState(username: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const isKept = (value: unknown) => value !== null && value !== undefined;
    const kept = Object.entries(values).filter(([, value]) => isKept(value));
    const rows = kept.map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
    const { stateValueBytes } = personLimits;
    if (rows.some(([, json]) => Buffer.byteLength(json) > stateValueBytes.most)) throw stateValueBytes.refuse();
    const removed = Object.keys(values).filter((key) => !isKept(values[key]));
    await this.write(STATE, username, rows, removed);
  }

  private async read({ name, key, value }: Table, username: string): Promise<[string, string][]> {
    const rows: { key: string; value: string }[] = await this.db(`${name} as s`)
      .join('core_users as u', 'u.id', 's.user_id')
      .where('u.username', username)
      .select({ key: `s.${key}`, value: `s.${value}` });
    return rows.map((row) => [row.key, row.value]);
  }

  private async write(table: Table, username: string, rows: readonly [string, string][], removed: readonly string[]): Promise<void> {
    await inTransaction(this.db, async (trx) => {
      const { id: user_id } = await trx('core_users').where({ username }).first('id');
      const before = await measure(trx, table, user_id);
      for (const [key, value] of rows) {
        const row = { user_id, [table.key]: key, [table.value]: value };
        await trx(table.name).insert(row).onConflict(['user_id', table.key]).merge();
      }
      if (removed.length > 0) await trx(table.name).where({ user_id }).whereIn(table.key, removed).delete();
      const after = await measure(trx, table, user_id);
      const { stateEntries } = personLimits;
      if (after.entries > stateEntries.most && after.entries > before.entries) throw stateEntries.refuse();
      if (after.bytes > table.bytes.most && after.bytes > before.bytes) throw table.bytes.refuse();
    });
  }
}

async function measure(trx: Knex.Transaction, { name, key, value }: Table, user_id: number): Promise<{ entries: number; bytes: number }> {
  const bytes = trx.raw('coalesce(sum(length(cast(?? as blob)) + length(cast(?? as blob))), 0) as bytes', [key, value]);
  return trx(name).where({ user_id }).first(trx.raw('count(*) as entries'), bytes);
}
