/** The disabled plugins, stored across restarts. */
import type { Knex } from 'knex';

export class DisabledPlugins {
  constructor(private readonly db: Knex) {}

  async ids(): Promise<ReadonlySet<string>> {
    const rows: { id: string }[] = await this.db('core_disabled_plugins').select('id');
    return new Set(rows.map(({ id }) => id));
  }

  async add(id: string, by: string): Promise<void> {
    const row = { id, disabled_by: by, disabled_at: new Date().toISOString() };
    await this.db('core_disabled_plugins').insert(row).onConflict('id').ignore();
  }

  async remove(id: string): Promise<void> {
    await this.db('core_disabled_plugins').where({ id }).delete();
  }
}
