/** The runner: carries scripts out on engines, one by one or the whole queue, and keeps what they did. */
import { CatalogService } from '@ved/catalog/contract';
import type { ServerPlugin } from '@ved/core/server';
import { EngineRegistry, runnerRoutes } from '@ved/runner/contract';
import { assembleRunner } from './assemble.ts';
import { runnerMigrations } from './migrations/index.ts';
import { createHandlers } from './routes.ts';
import { runnerSettings } from './settings.ts';

export const runnerPlugin: ServerPlugin = {
  id: 'runner',
  required: true,
  requires: [CatalogService],
  provides: EngineRegistry,
  settings: runnerSettings,
  migrations: runnerMigrations,
  async start(context) {
    const catalog = context.services.get(CatalogService);
    const { engines, routeParts, recover, begin, end } = assembleRunner(context, context.settings(runnerSettings), catalog);
    const { runs, selection } = routeParts;
    await recover();
    catalog.setExecutionSource({ lastExecution: (id) => runs.last(id), interpreters: () => selection.interpreters() });
    context.health.report('engines', () => {
      const { requested, active, why } = selection.describe();
      return { value: { requested, active, why }, degraded: active === null && selection.looked };
    });
    context.router.implement(runnerRoutes, createHandlers(routeParts));
    return { service: engines, ready: begin, stop: end };
  },
};
