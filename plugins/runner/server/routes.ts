/** The routes of runs and passes. Only a list: the behaviour is in the parts that they call. */
import type { CatalogService } from '@ved/catalog/contract';
import { NotFound } from '@ved/core/contract';
import { RawResponse, type RouteHandlers } from '@ved/core/server';
import type { runnerRoutes } from '@ved/runner/contract';
import { compareRuns } from './comparison.ts';
import type { EngineSelection } from './engine-selection.ts';
import { answerFile, answerZip } from './files/run-files.ts';
import type { ImportCheck } from './imports/import-check.ts';
import type { PassEvents } from './live/pass-events.ts';
import type { RunEvents } from './live/run-events.ts';
import type { Runner } from './runner.ts';
import type { PassStore } from './store/pass-store.ts';
import type { RunStore } from './store/run-store.ts';

/** Tells an `EventSource` to stop reconnecting (HTML standard, section 9.2.3). */
const NOTHING_MORE = new RawResponse(null, { status: 204 });

export interface RouteParts {
  readonly runner: Runner;
  readonly runs: RunStore;
  readonly passes: PassStore;
  readonly runEvents: RunEvents;
  readonly passEvents: PassEvents;
  readonly selection: EngineSelection;
  readonly imports: ImportCheck;
  readonly catalog: CatalogService;
}

export function createHandlers(parts: RouteParts): RouteHandlers<typeof runnerRoutes> {
  const { runner, runs, passes, selection } = parts;
  return {
    execute: async ({ params, body, session, signal }) =>
      runner.finishedRun(await runner.startRun(params.id, body, session.username), signal),
    executeAll: async ({ body, session, signal }) =>
      new RawResponse(await runner.finishedPass(await runner.startPass(body, session.username), signal)),
    lastExecution: async ({ params }) => {
      await requireScript(parts.catalog, params.id);
      return runs.last(params.id);
    },
    createRun: async ({ body, session }) => ({ run_id: await runner.startRun(body.script_id, body, session.username) }),
    missingImports: ({ body, session }) => parts.imports.check(body.content, session.username),
    listRuns: ({ query }) => runs.list(query),
    runStarters: () => runs.starters(),
    runsByVersion: ({ query }) => runs.byVersion(query.script),
    getRun: ({ params }) => runs.execution(params.id),
    getRunCode: async ({ params }) => {
      const { content, testData } = await runs.inputsOf(params.id);
      return { content, test_data: testData };
    },
    getRunFile: ({ params, query, ctx }) => answerFile(runs, ctx, { ...params, ...query }),
    getRunFilesZip: ({ params }) => answerZip(runs, params.id),
    compareRuns: async ({ query }) => {
      const [a, b] = [await runs.execution(query.a), await runs.execution(query.b)];
      return compareRuns(a, b, { a: (await runs.inputsOf(a.id)).content, b: (await runs.inputsOf(b.id)).content });
    },
    runEvents: async ({ params, lastEventId, signal }) => {
      if (await parts.runEvents.isUpToDate(params.id, lastEventId)) return NOTHING_MORE;
      return parts.runEvents.follow(params.id, lastEventId, signal);
    },
    cancelRun: ({ params, session }) => runner.cancelRun(params.id, session.username),
    createPass: async ({ body, session }) => ({ pass_id: await runner.startPass(body, session.username) }),
    listPasses: ({ query }) => passes.list(query.before),
    getPass: ({ params }) => passes.detail(params.id),
    passEvents: async ({ params, query, lastEventId, signal }) => {
      if (await parts.passEvents.isUpToDate(params.id, lastEventId)) return NOTHING_MORE;
      return parts.passEvents.follow(params.id, lastEventId, query.output, signal);
    },
    cancelPass: ({ params, session }) => runner.cancelPass(params.id, session.username),
    engines: async () => selection.survey(),
  };
}

async function requireScript(catalog: CatalogService, scriptId: number): Promise<void> {
  if (!(await catalog.exists(scriptId))) throw new NotFound('catalog/no-such-script', `There is no script with the id ${scriptId}.`);
}
