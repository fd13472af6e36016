/**
 * Keeps git and SQLite in step. A version is first a commit, then a row; it is
 * acknowledged when both are durable. The commit contains the whole row, so a
 * crash in between is repaired at the next start. A row that cannot be written
 * (a full disk) stays pending, and nothing new is accepted until it is written.
 */
import { InsufficientStorage, Unavailable } from '@ved/core/contract';
import { isDiskFull, KeyedQueue } from '@ved/core/server';
import type { CommitRequest, ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';

type RecordInto<T> = (trx: Knex.Transaction, commit: string) => Promise<T>;

/** What to commit, and how to record the commit in the database. */
export interface Entry<T> {
  readonly request: CommitRequest;
  readonly record: RecordInto<T>;
}

export class VersionJournal {
  /** Commits of one branch are recorded in order, so that one mark says how far. */
  private readonly branches = new KeyedQueue<string>();
  private pending: (() => Promise<unknown>)[] = [];
  private settling: Promise<void> | null = null;

  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
  ) {}

  /**
   * Commits, then runs `record` in one transaction with the mark of the branch.
   * `undo` reverts preparations when nothing was committed.
   */
  async append<T>(request: CommitRequest, record: RecordInto<T>, undo?: () => Promise<void>): Promise<T> {
    const [result] = await this.appendAll([{ request, record }], undo);
    return result!;
  }

  /** As `append` for several commits on one branch: all of them or none, whatever happens. */
  appendAll<T>(entries: readonly Entry<T>[], undo?: () => Promise<void>): Promise<T[]> {
    const requests = entries.map((entry) => entry.request);
    const { branch } = requests[0]!;
    return this.branches.run(branch, async () => {
      const commits = await this.commit(requests, undo);
      const write = (): Promise<T[]> =>
        this.db.transaction(async (trx) => {
          const results: T[] = [];
          for (const [index, { record }] of entries.entries()) results.push(await record(trx, commits[index]!));
          await markRecorded(trx, branch, commits.at(-1)!);
          return results;
        });
      try {
        return await write();
      } catch (error) {
        this.pending.push(write);
        throw isDiskFull(error) ? diskFull(error) : error;
      }
    });
  }

  private async commit(requests: readonly CommitRequest[], undo?: () => Promise<void>): Promise<readonly string[]> {
    try {
      await this.settle();
      return await this.repository.commitAll(requests);
    } catch (error) {
      await undo?.();
      throw error;
    }
  }

  /** Writes pending rows. Call it before reading anything that a new version builds on. Throws 503, or 507 for a full disk, when it cannot. */
  async settle(): Promise<void> {
    if (this.pending.length === 0) return;
    this.settling ??= this.writePending().finally(() => {
      this.settling = null;
    });
    await this.settling;
  }

  private async writePending(): Promise<void> {
    for (let write = this.pending[0]; write !== undefined; write = this.pending[0]) {
      try {
        await write();
      } catch (cause) {
        if (isDiskFull(cause)) throw diskFull(cause);
        throw new Unavailable(
          'catalog/behind',
          'The database cannot be written at the moment, so nothing was saved. Try again in a moment.',
          {
            headers: { 'Retry-After': '5' },
            cause,
          },
        );
      }
      this.pending.shift();
    }
  }

  /** Resolves when everything started has ended. */
  idle(): Promise<void> {
    return this.branches.idle();
  }
}

/** The commit exists but the database is out of space: saying that nothing was changed would be wrong. */
function diskFull(cause: unknown): InsufficientStorage {
  const detail =
    "The server's disk is full. The last save is in the scripts repository and gets its version when there is space; nothing new can be saved until then. Free some space and save again.";
  return new InsufficientStorage('catalog/disk-full', detail, { cause });
}

/** Records that every commit of a branch up to this one has its row. */
export async function markRecorded(trx: Knex.Transaction, branch: string, commit: string): Promise<void> {
  await trx('catalog_branches').insert({ branch, recorded_commit: commit }).onConflict('branch').merge();
}
