/** How large the repository is, for whoever looks after it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryStatus } from '../contract/index.ts';
import type { History } from './store/history.ts';
import { listLooseObjects } from './store/loose-objects.ts';
import type { RefStore } from './store/ref-store.ts';

/** Commits of a branch counted in one go; a longer history is not counted until it was walked for another reason. */
const COUNT_LIMIT = 20_000;

export async function readStatus(gitDir: string, refs: RefStore, history: History): Promise<RepositoryStatus> {
  const branches: RepositoryStatus['branches'] = [];
  for (const [name, head] of await refs.list()) branches.push({ name, head, commits: await history.depth(head, COUNT_LIMIT) });
  const packs = (await readdir(join(gitDir, 'objects', 'pack'))).filter((file) => file.endsWith('.idx'));
  return { branches, loose_objects: (await listLooseObjects(gitDir)).length, packs: packs.length };
}
