/** The catalog's server plugin: wires its parts together. */
import { CatalogService, catalogRoutes, importRoutes } from '@ved/catalog/contract';
import type { PluginContext, RunningPlugin, ServerPlugin } from '@ved/core/server';
import { ScriptRepository } from '@ved/git/contract';
import { importHandlers } from './exchange/import-handlers.ts';
import { ScriptImport } from './exchange/script-import.ts';
import { migrations } from './migrations/index.ts';
import { PythonAnalyser } from './python/analyser.ts';
import { catalogHandlers } from './routes.ts';
import { SampleScripts } from './samples/sample-scripts.ts';
import { History } from './scripts/history.ts';
import { ProdMerge } from './scripts/prod-merge.ts';
import { ScriptDetails } from './scripts/script-details.ts';
import { ScriptEdits } from './scripts/script-edits.ts';
import { ScriptList } from './scripts/script-list.ts';
import { ScriptOrder } from './scripts/script-order.ts';
import { CatalogForPlugins } from './service.ts';
import { reconcile } from './versions/reconcile.ts';
import { rehearseSoon } from './versions/rehearsal.ts';
import { fillUnmerged } from './versions/unmerged.ts';
import { VersionJournal } from './versions/version-journal.ts';
import { VersionWriter } from './versions/version-writer.ts';

async function start({ services, db, router, log, events }: PluginContext): Promise<RunningPlugin> {
  const repository = services.get(ScriptRepository);
  const analyser = new PythonAnalyser(log);
  // In parallel with the rest of the start, so that an interpreter is ready for the first save.
  analyser.warm();
  await fillUnmerged(db, repository);
  await reconcile({ db, repository, analyser, log });
  const service = new CatalogForPlugins(db, repository, events, analyser);
  const journal = new VersionJournal(db, repository);
  const writer = new VersionWriter(db, repository, journal, analyser);
  const edits = new ScriptEdits(db, repository, writer, service.interpreters);
  const merges = new ProdMerge(db, repository, writer, journal, analyser);
  const parts = {
    db,
    events,
    service,
    edits,
    merges,
    list: new ScriptList(db),
    details: new ScriptDetails(db, repository),
    order: new ScriptOrder(db, writer),
    history: new History(db, repository),
    samples: new SampleScripts(db, edits, merges),
    warm: () => analyser.warm(),
  };
  router.implement(catalogRoutes, catalogHandlers(parts));
  router.implement(importRoutes, importHandlers(new ScriptImport(db, writer), events));
  let endRehearsal = async (): Promise<void> => undefined;
  const ready = async (): Promise<void> => {
    endRehearsal = rehearseSoon(db, writer, log);
  };
  const stop = async (): Promise<void> => {
    await endRehearsal();
    await writer.idle();
    await analyser.stop();
  };
  return { service, ready, stop };
}

export const catalogPlugin: ServerPlugin = {
  id: 'catalog',
  required: true,
  browser: true,
  requires: [ScriptRepository],
  provides: CatalogService,
  migrations,
  start,
};
