/** Routes for each person's settings and state, and about the server itself. */
import { z } from 'zod';
import { defineRoutes } from './routes.ts';
import { Session } from './session.ts';

/** Settings are raw text (JSON with comments), keyed by the id of a JupyterLab settings plugin: `package:name`. */
export const SettingId = z.string().regex(/^[@\w./-]{1,150}:[\w.-]{1,50}$/);

export const workspaceRoutes = defineRoutes({
  health: {
    method: 'GET',
    path: '/api/health',
    access: 'public',
    summary: 'Whether the server is healthy, and its version',
    response: z.looseObject({ status: z.enum(['ok', 'degraded']), version: z.string() }),
  },
  openapi: {
    method: 'GET',
    path: '/api/openapi.json',
    access: 'public',
    summary: 'This contract as an OpenAPI 3.1 document',
    response: z.looseObject({}),
  },
  metrics: { method: 'GET', path: '/metrics', access: 'public', summary: 'Prometheus metrics', response: 'text' },
  events: { method: 'GET', path: '/api/events', access: 'viewer', summary: 'Live events of the workspace', response: 'event-stream' },
  boot: {
    method: 'GET',
    path: '/api/workspace/boot',
    access: 'any',
    summary: 'Everything that the workspace needs to start, in one response',
    response: z.object({
      session: Session,
      /** The server's version. */
      version: z.string(),
      /** The id of the last live event before this response; resume from it to miss none. */
      last_event_id: z.string(),
      settings: z.record(z.string(), z.string()),
      state: z.record(z.string(), z.unknown()),
      /** The started plugins that have a browser half; third-party ones with the URLs of their module and style sheet. */
      plugins: z.array(z.object({ id: z.string(), module: z.string().nullable(), style: z.string().nullable() })),
    }),
  },
  readSettings: {
    method: 'GET',
    path: '/api/workspace/settings',
    access: 'any',
    summary: "The person's settings, raw text by plugin id",
    response: z.record(z.string(), z.string()),
  },
  writeSetting: {
    method: 'PUT',
    path: '/api/workspace/settings/:id',
    access: 'any',
    summary: "Save one of the person's settings",
    params: z.object({ id: SettingId }),
    body: z.object({ raw: z.string().max(256 * 1024) }),
    response: z.object({ ok: z.literal(true) }),
    problems: ['workspace/settings-full', 'workspace/too-many'],
  },
  readState: {
    method: 'GET',
    path: '/api/workspace/state',
    access: 'any',
    summary: "The person's layout and other state, by key",
    response: z.record(z.string(), z.unknown()),
  },
  writeState: {
    method: 'PUT',
    path: '/api/workspace/state',
    access: 'any',
    summary: 'Set the given keys; null removes one',
    body: z.object({ values: z.record(z.string().max(200), z.unknown()) }),
    response: z.object({ ok: z.literal(true) }),
    problems: ['workspace/value-too-large', 'workspace/state-full', 'workspace/too-many'],
  },
});
