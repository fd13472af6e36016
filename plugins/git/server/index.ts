/** The plugin: the repository of script contents and its routes. */
import type { ServerPlugin } from '@ved/core/server';
import { gitRoutes, ScriptRepository } from '../contract/index.ts';
import { openRepository } from './open-repository.ts';

export const gitPlugin: ServerPlugin = {
  id: 'git',
  required: true,
  provides: ScriptRepository,
  async start({ dataDir, router, log }) {
    const { repository, status, removedLocks, close } = await openRepository(dataDir);
    if (removedLocks.length > 0) log.warn({ locks: removedLocks }, 'removed the locks of a server that was killed while it saved');
    router.implement(gitRoutes, { repositoryStatus: status });
    return { service: repository, stop: close };
  },
};
