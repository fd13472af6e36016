/** The plugins of a server, and the routes to list and manage them. */
import { z } from 'zod';
import { defineEvent } from './events.ts';
import { defineRoutes } from './routes.ts';

export const PluginState = z.object({
  id: z.string(),
  /** Of its package. */
  name: z.string(),
  version: z.string(),
  /** `folder`: a third-party plugin in the data folder. */
  source: z.enum(['built-in', 'folder']),
  state: z.enum(['started', 'failed', 'disabled', 'stopped']),
  /** Whether ved needs it: it cannot be disabled, and ved does not start without it. */
  required: z.boolean(),
  /** Why it failed, for a person; null when it did not. */
  error: z.string().nullable(),
  /** Which halves it has. */
  server: z.boolean(),
  browser: z.boolean(),
  // Beyond the fixed shape: what the server half provides while it runs.
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
    summary: 'List the plugins with their states',
    response: z.array(PluginState),
  },
  enablePlugin: {
    method: 'POST',
    path: '/api/plugins/:id/enable',
    access: 'editor',
    summary: 'Start a disabled plugin, and those that wait for it',
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
    summary: 'Rescan the plugin folders: start new or changed plugins, stop removed ones',
    response: z.array(PluginState),
  },
});

/** Live event: plugins were added, removed or changed; pages show this after a reload. */
export const pluginsChanged = defineEvent(
  'core/plugins-changed',
  z.object({
    /** Null when the folders were rescanned. */
    id: z.string().nullable(),
    /** Null when the plugin failed by itself. */
    by: z.string().nullable(),
    /** Whether pages reload without asking: the plugin is being developed. */
    reload: z.boolean().optional(),
  }),
);
