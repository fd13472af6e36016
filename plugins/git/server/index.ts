/** The git server plugin: the scripts repository, its routes, and read-only clones of it. */
import type { ServerPlugin } from '@ved/core/server';
import { gitRoutes, ScriptRepository } from '../contract/index.ts';
import { CLONE_PREFIX, CloneRoutes } from './http/clone-routes.ts';
import { UploadPack } from './http/upload-pack.ts';
import { openRepository } from './open-repository.ts';
import { gitSettings } from './settings.ts';

export const gitPlugin: ServerPlugin = {
  id: 'git',
  required: true,
  provides: ScriptRepository,
  settings: gitSettings,
  async start({ dataDir, router, log, settings }) {
    const opened = await openRepository(dataDir, {
      onError: (error) => log.error({ err: error }, 'packing the scripts repository failed; it will be tried again'),
    });
    if (opened.removedLocks.length > 0)
      log.warn({ locks: opened.removedLocks }, 'removed the locks of a server that was killed while it saved');
    const uploadPack = new UploadPack(settings(gitSettings).command, opened.gitDir, log);
    const cloneRoutes = new CloneRoutes(opened, uploadPack);
    router.implement(gitRoutes, { repositoryStatus: opened.status });
    router.mount(CLONE_PREFIX, 'viewer', (ctx, session) => cloneRoutes.handle(ctx, session.username));
    return {
      service: opened.repository,
      ready: opened.startPacking,
      async stop() {
        await uploadPack.stop();
        await opened.close();
      },
    };
  },
};
