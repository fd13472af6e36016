/** What the workspace keeps on the server for each person, and what it asks about the server itself. */
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
    summary: 'Whether requests are served, and by what',
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
    summary: 'All that the workspace starts with, in one answer',
    response: z.object({
      session: Session,
      /** Of the server. */
      version: z.string(),
      /** Of the last live event before this answer: who goes on from it misses none. */
      last_event_id: z.string(),
      settings: z.record(z.string(), z.string()),
      state: z.record(z.string(), z.unknown()),
      /** Of those that have started, which have a half in the page; of plugins by others with the addresses of its module and its style sheet. */
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
    summary: "Keeps one of the person's settings",
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
    summary: 'Sets the keys given; null removes one',
    body: z.object({ values: z.record(z.string().max(200), z.unknown()) }),
    response: z.object({ ok: z.literal(true) }),
    problems: ['workspace/value-too-large', 'workspace/state-full', 'workspace/too-many'],
  },
});
