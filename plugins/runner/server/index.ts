/** The runner: runs scripts on engines, singly or as a whole queue, and records the results. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CatalogService } from '@ved/catalog/contract';
import { PluginStopped, type ServerPlugin } from '@ved/core/server';
import { EngineRegistry, runnerRoutes } from '@ved/runner/contract';
import { assembleRunner } from './assemble.ts';
import { createBuiltInEngines } from './built-in-engines.ts';
import { EngineList } from './engine-list.ts';
import { runnerMigrations } from './migrations/index.ts';
import { createHandlers } from './routes.ts';
import { runnerSettings } from './settings.ts';

export const runnerPlugin: ServerPlugin = {
  id: 'runner',
  required: false,
  browser: true,
  requires: [CatalogService],
  provides: EngineRegistry,
  settings: runnerSettings,
  migrations: runnerMigrations,
  async start(context) {
    const settings = context.settings(runnerSettings);
    const engines = new EngineList();
    const owner = await ownerOf(context.dataDir);
    for (const engine of createBuiltInEngines(settings, context.dataDir, owner, context.log)) engines.register(engine);
    const { routeParts, recover, begin, end } = assembleRunner(context, settings, engines);
    const { selection } = routeParts;
    await recover();
    const removeInterpreters = context.services.get(CatalogService).addInterpreters(() => selection.interpreters());
    context.health.report('engines', () => {
      const { requested, active, why, engines: known } = selection.describe();
      const interpreters = known.find(({ id }) => id === active)?.interpreters.map(({ name, state }) => ({ name, state })) ?? [];
      // In `detail`, because it may contain the engine's address.
      return { value: { requested, active, interpreters }, detail: { why }, degraded: active === null && selection.hasProbed };
    });
    context.router.implement(runnerRoutes, createHandlers(routeParts));
    const stop = (): Promise<void> => {
      removeInterpreters();
      const { reason } = context.signal;
      return end(reason instanceof PluginStopped ? reason.message : 'The runner stopped.');
    };
    return { service: engines, ready: begin, stop };
  },
};

/** Generated once and stored in the data folder: a path or a host name may be the same on two machines. */
async function ownerOf(dataDir: string): Promise<string> {
  const file = join(dataDir, 'runner', 'owner');
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${randomBytes(8).toString('hex')}\n`;
  await writeFile(file, fresh, { flag: 'wx', flush: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}
