/** Implements the import routes, and publishes an event for the new scripts. */
import { catalogChanged, type importRoutes } from '@ved/catalog/contract';
import type { EventBus, RouteHandlers } from '@ved/core/server';
import type { ScriptImport } from './script-import.ts';

export function importHandlers(imports: ScriptImport, events: EventBus): RouteHandlers<typeof importRoutes> {
  return {
    previewImport: ({ body, session: { username } }) => imports.preview(body, username),
    importScripts: async ({ body, session: { username } }) => {
      const report = await imports.run(body, username);
      const script_ids = report.files.flatMap(({ script_id }) => (script_id === null ? [] : [script_id]));
      events.publish(catalogChanged, { script_ids, kind: 'created', by: username });
      return report;
    },
  };
}
