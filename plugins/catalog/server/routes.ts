/** Implements the catalog's routes, and publishes an event for each change. */
import { catalogChanged, type catalogRoutes, type ScriptDetail } from '@ved/catalog/contract';
import type { EventData } from '@ved/core/contract';
import type { EventBus, RouteHandlers } from '@ved/core/server';
import type { Knex } from 'knex';
import { fromHundredths } from './ordering-number.ts';
import type { SampleScripts } from './samples/sample-scripts.ts';
import { deletedScripts } from './scripts/deleted-scripts.ts';
import { exportZip } from './scripts/export-zip.ts';
import type { History } from './scripts/history.ts';
import type { ProdMerge } from './scripts/prod-merge.ts';
import type { ScriptDetails } from './scripts/script-details.ts';
import type { ScriptEdits } from './scripts/script-edits.ts';
import type { ScriptList } from './scripts/script-list.ts';
import type { ScriptOrder } from './scripts/script-order.ts';
import { newScriptTemplate } from './scripts/template.ts';
import { listVersions } from './scripts/version-list.ts';
import type { CatalogForPlugins } from './service.ts';
import { summaries } from './store/catalog-store.ts';

export interface CatalogParts {
  readonly db: Knex;
  readonly events: EventBus;
  readonly list: ScriptList;
  readonly details: ScriptDetails;
  readonly edits: ScriptEdits;
  readonly order: ScriptOrder;
  readonly merges: ProdMerge;
  readonly history: History;
  readonly samples: SampleScripts;
  readonly service: CatalogForPlugins;
  /** Makes sure an interpreter is ready for what an editor is about to save. */
  readonly warm: () => void;
}

type Kind = EventData<typeof catalogChanged>['kind'];

export function catalogHandlers(parts: CatalogParts): RouteHandlers<typeof catalogRoutes> {
  const { db, list, details, edits, order, merges, history, samples, service } = parts;
  const publish = (kind: Kind, by: string, ...ids: number[]): void => parts.events.publish(catalogChanged, { script_ids: ids, kind, by });
  const publishAndRead = (kind: Kind, by: string, id: number): Promise<ScriptDetail> => {
    publish(kind, by, id);
    return details.read(id);
  };
  return {
    listScripts: ({ ctx, query }) => list.answer(ctx.get('If-None-Match'), query.q),
    createScript: async ({ body, session: { username } }) => publishAndRead('created', username, await edits.create(body, username)),
    reorder: async ({ body, session: { username } }) => {
      const moved = await order.reorder(body.moves);
      if (moved.length > 0) publish('moved', username, ...moved);
      return summaries(db);
    },
    listDeleted: () => deletedScripts(db),
    getScript: ({ params, query, session }) => {
      if (session.roles.includes('editor')) parts.warm();
      return details.read(params.id, query.version);
    },
    saveScript: async ({ params: { id }, body, session: { username } }) => {
      if (await edits.save(id, body, username)) publish('saved', username, id);
      return details.read(id);
    },
    deleteScript: async ({ params: { id }, session: { username } }) => {
      await order.delete(id, username);
      publish('deleted', username, id);
      return { ok: true };
    },
    restoreScript: async ({ params: { id }, body, session: { username } }) => {
      const { changed, lostNumber } = await order.restore(id, body.ordering_number);
      if (changed) publish('restored', username, id);
      return { ...(await details.read(id)), renumbered_from: lostNumber === null ? null : fromHundredths(lostNumber) };
    },
    forkScript: async ({ params: { id }, body, session: { username } }) =>
      publishAndRead('created', username, await edits.fork(id, body, username)),
    bumpMajor: async ({ params: { id }, session: { username } }) => {
      await edits.bumpMajor(id, username);
      return publishAndRead('saved', username, id);
    },
    mergeScript: async ({ params: { id }, body, session: { username } }) => {
      const { versionId, commit, merged } = await merges.merge(id, body, username);
      if (merged) publish('merged', username, id);
      return { ok: true, version_id: versionId, git_commit_hash: commit };
    },
    unpublishScript: async ({ params: { id }, body, session: { username } }) => {
      await merges.unpublish(id, username, body.seen_prod_git_commit_hash);
      return publishAndRead('unpublished', username, id);
    },
    previewMerge: ({ params: { id }, query, session: { username } }) => merges.preview(id, query.version_id, username),
    revertScript: async ({ params: { id }, body, session: { username } }) => {
      if (await edits.revert(id, body.version_id, username)) publish('saved', username, id);
      return details.read(id);
    },
    listVersions: ({ params }) => listVersions(db, params.id),
    diffScript: ({ params, query }) => history.diff(params.id, query.from, query.to),
    blameScript: ({ params, query }) => history.blame(params.id, query.version),
    exportScripts: () => exportZip(db),
    template: async () => ({ content: newScriptTemplate(await service.interpreters()) }),
    samples: async ({ session: { username } }) => {
      publish('created', username, ...(await samples.add(username)));
      return summaries(db);
    },
  };
}
