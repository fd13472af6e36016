/**
 * Brings the tables of one plugin after another up to date, and backs the
 * database up before the first of them that changes something. What people
 * write after that is only in the next backup, so `settle` ends its validity.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Migration } from '../plugin.ts';
import { backUpDatabase } from './backups.ts';
import { applyMigrations, pendingMigrations } from './migrate.ts';

export interface MigratorOptions {
  readonly db: Knex;
  readonly dataDir: string;
  /** Told the path of each backup in the data folder, and whose migrations follow. */
  readonly onBackup: (file: string, pluginId: string) => void;
}

export class Migrator {
  /** That which has what the database held before these migrations; null when there is none. */
  private backup: string | null = null;

  private constructor(
    private readonly options: MigratorOptions,
    /** Whether the database has what is in no backup. */
    private needsBackup: boolean,
  ) {}

  /** Looks whether there is anything to back up: a fresh database has no tables. */
  static async open(options: MigratorOptions): Promise<Migrator> {
    return new Migrator(options, (await options.db('sqlite_master').first('name')) !== undefined);
  }

  /**
   * Finds what a plugin has yet to run, and backs the database up where that is called for, which takes longer the larger it
   * is. Answers with what runs the migrations. Throws when the backup fails; nothing is changed then.
   */
  async prepare(pluginId: string, migrations: readonly Migration[] = []): Promise<() => Promise<void>> {
    const pending = await pendingMigrations(this.options.db, pluginId, migrations);
    if (pending.length > 0 && this.needsBackup) await this.backUp(pluginId, pending[0]!);
    return () => this.apply(pluginId, pending);
  }

  /** Both at once. */
  async migrate(pluginId: string, migrations: readonly Migration[]): Promise<void> {
    const apply = await this.prepare(pluginId, migrations);
    await apply();
  }

  /** From now on people write: the next migrations need a backup of their own. */
  settle(): void {
    this.needsBackup = true;
    this.backup = null;
  }

  private async backUp(pluginId: string, first: Migration): Promise<void> {
    const { dataDir, onBackup } = this.options;
    try {
      this.backup = await backUpDatabase(dataDir, `${pluginId}-${first.name}`);
    } catch (cause) {
      const { size } = await stat(join(dataDir, 'ved.sqlite'));
      const failure = `ved.sqlite was not migrated for ${pluginId}, because its backup could not be written (${(cause as Error).message})`;
      const remedy = `make sure that ved can write to ${join(dataDir, 'backups')} and that ${Math.ceil(size / 2 ** 20)} MiB are free there, then try again`;
      throw new Error(`${failure}; ${remedy}`, { cause });
    }
    this.needsBackup = false;
    onBackup(this.backup, pluginId);
  }

  private async apply(pluginId: string, pending: readonly Migration[]): Promise<void> {
    try {
      await applyMigrations(this.options.db, pluginId, pending);
    } catch (error) {
      const { message, cause } = error as Error;
      const kept = this.backup === null ? '' : `; ${this.backup} in the data folder has what was there before`;
      throw new Error(`${message}. Its tables are as they were${kept}.`, { cause });
    }
  }
}
