/** The lines that a version changed in those it was made from: computed and stored when it is written, looked up for blame. */
import type { LineChange } from '@ved/core/text';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { newestContent, versionOf } from '../store/catalog-store.ts';
import { type ChangesFrom, type StoredChanges, storedChanges } from '../store/line-change-rows.ts';
import type { VersionRow } from '../store/rows.ts';
import { readCommitted } from './prod-standing.ts';

/** What a text changes in each of the versions it is made from. The text of `newest` is read from the database, which is faster. */
export function changesFrom(
  db: Knex,
  repository: ScriptRepository,
  content: string,
  parents: readonly VersionRow[],
  newest: VersionRow | null = null,
): Promise<ChangesFrom[]> {
  return Promise.all(
    parents.map(async ({ id, git_commit_hash, script_id }) => {
      const text = id === newest?.id ? await newestContent(db, script_id) : await readCommitted(repository, git_commit_hash, script_id);
      return { fromId: id, changes: await repository.changes(text, content) };
    }),
  );
}

/** Looks up changes. When they are not stored (data of an older ved), the two texts are compared. */
export class LineChanges {
  private constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
    private readonly scriptId: number,
    private readonly stored: StoredChanges,
  ) {}

  /** The changes of a script's versions up to one of them. */
  static async of(db: Knex, repository: ScriptRepository, scriptId: number, newestId: number): Promise<LineChanges> {
    return new LineChanges(db, repository, scriptId, await storedChanges(db, scriptId, newestId));
  }

  async between(from: number, to: number): Promise<readonly LineChange[]> {
    return this.stored.between(from, to) ?? this.repository.changes(await this.text(from), await this.text(to));
  }

  private async text(versionId: number): Promise<string> {
    const { git_commit_hash } = await versionOf(this.db, this.scriptId, versionId);
    return readCommitted(this.repository, git_commit_hash, this.scriptId);
  }
}
