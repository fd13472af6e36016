/** Opens the repository in a folder: creates it, removes what a killed server left, wires its parts together, and closes it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyedQueue } from '@ved/core/server';
import type { RepositoryStatus, ScriptRepository } from '../contract/index.ts';
import { Packer, type PackerOptions } from './packing/packer.ts';
import { GitRepository } from './repository.ts';
import { Staging } from './store/durable-files.ts';
import { History } from './store/history.ts';
import { ensureRepository } from './store/layout.ts';
import { listLooseObjects } from './store/loose-objects.ts';
import { ObjectStore } from './store/object-store.ts';
import { RefStore } from './store/ref-store.ts';
import { TextThread } from './text/text-thread.ts';

/** Inside the repository's folder, so that a rename out of it never crosses file systems. Real git ignores it. */
const STAGING = 'ved-staging';

export interface OpenRepository {
  readonly gitDir: string;
  readonly refs: RefStore;
  readonly repository: ScriptRepository;
  status(): Promise<RepositoryStatus>;
  /** Locks of a killed server that were removed on opening. */
  readonly removedLocks: readonly string[];
  /** Packs the loose objects of previous processes if there are many. From then on, commits start packing when it is due. */
  startPacking(): Promise<void>;
  /** Packs now. */
  pack(): Promise<void>;
  /** Resolves once nothing is being saved or packed. */
  idle(): Promise<void>;
  /** Finishes pending commits and aborts packing. */
  close(): Promise<void>;
}

export interface OpenOptions extends Partial<PackerOptions> {
  /** How long to wait for another program's lock on a branch. */
  readonly lockWaitMs?: number;
}

/** Opens `scripts.git` in the data folder, and creates it on the first start. The caller must own the folder exclusively. */
export async function openRepository(dataDir: string, options: OpenOptions = {}): Promise<OpenRepository> {
  const gitDir = join(dataDir, 'scripts.git');
  await ensureRepository(gitDir);
  const staging = new Staging(join(gitDir, STAGING));
  await staging.create();
  const refs = new RefStore(gitDir, staging, options.lockWaitMs);
  const removedLocks = await refs.removeOwnStaleLocks();
  await staging.clear();
  const packer = new Packer(gitDir, staging, { onError: () => undefined, ...options });
  const objects = new ObjectStore(gitDir, staging, (bytes) => packer.noteWritten(bytes));
  const history = new History(objects);
  const queue = new KeyedQueue<string>();
  const texts = new TextThread();
  return {
    gitDir,
    refs,
    repository: new GitRepository(objects, refs, history, queue, () => packer.packWhenDue(), texts),
    status: () => readStatus(gitDir, refs, history),
    removedLocks,
    async startPacking() {
      await packer.count();
      packer.packWhenDue();
    },
    pack: () => packer.pack(),
    async idle() {
      await queue.idle();
      await packer.idle();
    },
    async close() {
      await queue.idle();
      await packer.stop();
      await texts.stop();
    },
  };
}

/** The most commits of a branch to count: each takes a read the first time. A longer history is not counted. */
const COUNT_LIMIT = 2_000;

async function readStatus(gitDir: string, refs: RefStore, history: History): Promise<RepositoryStatus> {
  const branches: RepositoryStatus['branches'] = [];
  for (const [name, head] of await refs.list()) branches.push({ name, head, commits: await history.depth(head, COUNT_LIMIT) });
  const packs = (await readdir(join(gitDir, 'objects', 'pack'))).filter((file) => file.endsWith('.idx'));
  return { branches, loose_objects: (await listLooseObjects(gitDir)).length, packs: packs.length };
}
