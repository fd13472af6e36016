/** Tells the user which parts of the server and the workspace could not start, and why. */
import { Notification } from '@jupyterlab/apputils';
import { pluginRoutes, pluginsChanged } from '@ved/core/contract';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { createClient } from '../client/api-client.ts';
import { ServerUnreachable } from '../client/api-error.ts';
import { LiveEvents } from '../tokens.ts';
import type { PluginProblem } from './foreign-plugins.ts';

export const pluginStatesPlugin = (problems: readonly PluginProblem[]): VedPlugin<void> => ({
  id: '@ved/core:plugin-states',
  autoStart: true,
  requires: [LiveEvents],
  activate: (app, live: LiveEvents) => {
    live.on(pluginsChanged, ({ id, by, reload }) => {
      if (reload) window.location.reload();
      else if (by === null) tell(`The plugin "${id}" failed and was stopped. Settings, Plugins says why.`);
      else tellChange(id, by);
    });
    void app.restored.then(() => {
      for (const { id, reason } of problems) tell(`The plugin "${id}" could not be loaded: ${reason}.`);
      const missing = app
        .listPlugins()
        .filter((id) => !app.isPluginActivated(id) && !problems.some(({ reason }) => reason.startsWith(`${id}: `)));
      // Lumino has logged the reason to the console.
      for (const id of missing) tell(`The part "${id}" of the workspace could not start.`);
      return tellServerFailures();
    });
  },
});

/** The page keeps the plugins that it was loaded with, so offers a reload. */
function tellChange(id: string | null, by: string): void {
  const what = id === null ? 'the plugins' : `the plugin ${id}`;
  Notification.info(`${by} changed ${what}. Reload the page to see what is different.`, {
    autoClose: false,
    actions: [{ label: 'Reload', callback: () => window.location.reload() }],
  });
}

function tell(message: string): void {
  Notification.warning(message, { autoClose: false });
}

async function tellServerFailures(): Promise<void> {
  try {
    const states = await createClient(pluginRoutes).listPlugins();
    for (const { id, state, error } of states) {
      if (state !== 'failed') continue;
      tell(`The part "${id}" could not start: ${error ?? 'the server’s log says why'}`);
    }
  } catch (error) {
    // The banner already says so.
    if (!(error instanceof ServerUnreachable)) throw error;
  }
}
