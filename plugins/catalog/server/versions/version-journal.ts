/**
 * Keeps git and SQLite in step. A version is first a commit, then a row; it is
 * acknowledged when both are durable. The commit carries the whole row, so a
 * crash in between is mended at the next start; a row that cannot be written
 * (a full disk) is owed, and nothing new is accepted until it is.
 */
import { InsufficientStorage, Unavailable } from '@ved/core/contract';
import { isDiskFull, KeyedQueue } from '@ved/core/server';
import type { CommitRequest, ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';

type RecordInto<T> = (trx: Knex.Transaction, commit: string) => Promise<T>;

/** What is to be committed, and how the commit becomes a row. */
export interface Entry<T> {
  readonly request: CommitRequest;
  readonly record: RecordInto<T>;
}

export class VersionJournal {
  /** Commits of one branch are recorded in their order, so that one mark says how far. */
  private readonly branches = new KeyedQueue<string>();
  private owed: (() => Promise<unknown>)[] = [];
  private settling: Promise<void> | null = null;

  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
  ) {}

  /**
   * Commits, then records the commit by `record` in one transaction with the
   * mark of the branch. `undo` takes back what was prepared when nothing was
   * committed.
   */
  async append<T>(request: CommitRequest, record: RecordInto<T>, undo?: () => Promise<void>): Promise<T> {
    const [result] = await this.appendAll([{ request, record }], undo);
    return result!;
  }

  /** As `append`, several on one branch: all of them or, whatever happens, none. */
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
        this.owed.push(write);
        throw isDiskFull(error) ? noRoomForRow(error) : error;
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

  /** Writes the rows that are owed. To be called before anything is read that a new version builds on. Throws 503, or 507 for a full disk, when it cannot. */
  async settle(): Promise<void> {
    if (this.owed.length === 0) return;
    this.settling ??= this.writeOwed().finally(() => {
      this.settling = null;
    });
    await this.settling;
  }

  private async writeOwed(): Promise<void> {
    for (let write = this.owed[0]; write !== undefined; write = this.owed[0]) {
      try {
        await write();
      } catch (cause) {
        if (isDiskFull(cause)) throw noRoomForRow(cause);
        throw new Unavailable('catalog/behind', 'The database could not be written, so nothing new is saved. Try again in a moment.', {
          headers: { 'Retry-After': '5' },
          cause,
        });
      }
      this.owed.shift();
    }
  }

  /** Resolves when everything begun has ended. */
  idle(): Promise<void> {
    return this.branches.idle();
  }
}

/** The commit is there and the database has no room: saying that nothing was changed would be wrong. */
function noRoomForRow(cause: unknown): InsufficientStorage {
  const detail =
    'The disk of the server is full. What was saved last is kept in the scripts repository and gets its version when there is room; nothing new is saved until then. Make room and save again.';
  return new InsufficientStorage('catalog/disk-full', detail, { cause });
}

/** Says that every commit of a branch up to this one has its row. */
export async function markRecorded(trx: Knex.Transaction, branch: string, commit: string): Promise<void> {
  await trx('catalog_branches').insert({ branch, recorded_commit: commit }).onConflict('branch').merge();
}
