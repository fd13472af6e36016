/** Puts the repository together over a folder: makes it, clears what a killed server left, and releases it. */
import { join } from 'node:path';
import type { RepositoryStatus, ScriptRepository } from '../contract/index.ts';
import { GitRepository } from './repository.ts';
import { readStatus } from './status.ts';
import { Staging } from './store/durable-files.ts';
import { History } from './store/history.ts';
import { ensureRepository } from './store/layout.ts';
import { ObjectStore } from './store/object-store.ts';
import { RefStore } from './store/ref-store.ts';
import { WriteQueue } from './store/write-queue.ts';

/** In the repository's folder, so that a rename out of it never crosses a file system. Real git looks past it. */
const STAGING = 'ved-staging';

export interface OpenRepository {
  readonly gitDir: string;
  readonly refs: RefStore;
  readonly repository: ScriptRepository;
  status(): Promise<RepositoryStatus>;
  /** Locks of a killed server that were removed at the opening. */
  readonly removedLocks: readonly string[];
  /** Resolves when every commit that was asked for has ended. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** How long a foreign lock on a branch is waited for. */
  readonly lockWaitMs?: number;
}

/** Opens `scripts.git` in the data folder, making it at the first start. The caller alone owns the folder. */
export async function openRepository(dataDir: string, options: OpenOptions = {}): Promise<OpenRepository> {
  const gitDir = join(dataDir, 'scripts.git');
  await ensureRepository(gitDir);
  const staging = new Staging(join(gitDir, STAGING));
  await staging.create();
  const refs = new RefStore(gitDir, staging, options.lockWaitMs);
  const removedLocks = await refs.removeOwnStaleLocks();
  await staging.clear();
  const objects = new ObjectStore(gitDir, staging);
  const history = new History(objects);
  const queue = new WriteQueue();
  return {
    gitDir,
    refs,
    repository: new GitRepository(objects, refs, history, queue, () => undefined),
    status: () => readStatus(gitDir, refs, history),
    removedLocks,
    close: () => queue.idle(),
  };
}
