/**
 * Migrates the tables of one plugin after another, and backs up the database
 * before the first migration. That backup lacks what people write afterwards, so
 * after `settle` the next migrations need a new one.
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
  /** Called with each backup's path relative to the data folder, and the plugin whose migrations follow. */
  readonly onBackup: (file: string, pluginId: string) => void;
}

export class Migrator {
  /** The backup from before these migrations; null when there is none. */
  private backup: string | null = null;

  private constructor(
    private readonly options: MigratorOptions,
    /** Whether the database has content that is in no backup. */
    private needsBackup: boolean,
  ) {}

  /** A new database has no tables, and so needs no backup. */
  static async open(options: MigratorOptions): Promise<Migrator> {
    return new Migrator(options, (await options.db('sqlite_master').first('name')) !== undefined);
  }

  /**
   * Finds a plugin's pending migrations, and backs up the database if necessary, which takes longer the larger it is. Returns
   * a function that runs the migrations. Throws when the backup fails; then nothing has changed.
   */
  async prepare(pluginId: string, migrations: readonly Migration[] = []): Promise<() => Promise<void>> {
    const pending = await pendingMigrations(this.options.db, pluginId, migrations);
    if (pending.length > 0 && this.needsBackup) await this.backUp(pluginId, pending[0]!);
    return () => this.apply(pluginId, pending);
  }

  /** Prepares, then runs the migrations. */
  async migrate(pluginId: string, migrations: readonly Migration[]): Promise<void> {
    const apply = await this.prepare(pluginId, migrations);
    await apply();
  }

  /** Called when people can write from now on: the next migrations need a new backup. */
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
