/** How large the repository is, for whoever looks after it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryStatus } from '../contract/index.ts';
import type { History } from './store/history.ts';
import { listLooseObjects } from './store/loose-objects.ts';
import type { RefStore } from './store/ref-store.ts';

/** Commits of a branch that are counted; each takes a read at the first time. A longer history is not counted. */
const COUNT_LIMIT = 2_000;

export async function readStatus(gitDir: string, refs: RefStore, history: History): Promise<RepositoryStatus> {
  const branches: RepositoryStatus['branches'] = [];
  for (const [name, head] of await refs.list()) branches.push({ name, head, commits: await history.depth(head, COUNT_LIMIT) });
  const packs = (await readdir(join(gitDir, 'objects', 'pack'))).filter((file) => file.endsWith('.idx'));
  return { branches, loose_objects: (await listLooseObjects(gitDir)).length, packs: packs.length };
}
