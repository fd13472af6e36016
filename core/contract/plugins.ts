/** The plugins of a server, as the routes about them tell. */
import { z } from 'zod';
import { defineEvent } from './events.ts';
import { defineRoutes } from './routes.ts';

export const PluginState = z.object({
  id: z.string(),
  /** Of its package. */
  name: z.string(),
  version: z.string(),
  /** `folder`: a plugin by others, in the data folder. */
  source: z.enum(['built-in', 'folder']),
  state: z.enum(['started', 'failed', 'disabled', 'stopped']),
  /** Whether ved needs it: it cannot be disabled, and a start without it is given up. */
  required: z.boolean(),
  /** Why it failed, for a person; null when it did not. */
  error: z.string().nullable(),
  /** Which halves it has. */
  server: z.boolean(),
  browser: z.boolean(),
  // Beyond the fixed shape: what the server half brings while it runs.
  brings: z.object({
    /** `GET /api/scripts`. */
    routes: z.array(z.string()),
    /** Variables of the environment. */
    settings: z.array(z.string()),
    tables: z.array(z.string()),
  }),
});
export type PluginState = z.infer<typeof PluginState>;

const idParams = z.object({ id: z.string().max(100) });

export const pluginRoutes = defineRoutes({
  listPlugins: {
    method: 'GET',
    path: '/api/plugins',
    access: 'viewer',
    summary: 'Each plugin with its state',
    response: z.array(PluginState),
  },
  enablePlugin: {
    method: 'POST',
    path: '/api/plugins/:id/enable',
    access: 'editor',
    summary: 'Start a plugin that was disabled, and those that wait for it',
    params: idParams,
    response: z.array(PluginState),
    problems: ['core/unknown-plugin'],
  },
  disablePlugin: {
    method: 'POST',
    path: '/api/plugins/:id/disable',
    access: 'editor',
    summary: 'Stop a plugin until it is enabled again; those that need it wait',
    params: idParams,
    response: z.array(PluginState),
    problems: ['core/unknown-plugin', 'core/required-plugin'],
  },
  rescanPlugins: {
    method: 'POST',
    path: '/api/plugins/rescan',
    access: 'editor',
    summary: 'Look at the folders of plugins: start what is new or changed, stop what is gone',
    response: z.array(PluginState),
  },
});

/** Live event: plugins came, went or changed; pages show them once they are loaded anew. */
export const pluginsChanged = defineEvent(
  'core/plugins-changed',
  z.object({
    /** Null when the folders were looked at. */
    id: z.string().nullable(),
    /** Null when the server did it by itself, because the plugin failed. */
    by: z.string().nullable(),
    /** Whether pages load themselves anew without being asked: a plugin is being developed. */
    reload: z.boolean().optional(),
  }),
);
