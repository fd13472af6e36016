/** Tells the person which optional parts of the server could not start, and why. */
import { Notification } from '@jupyterlab/apputils';
import { workspaceRoutes } from '@ved/core/contract';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { createClient } from '../client/api-client.ts';
import { ServerUnreachable } from '../client/api-error.ts';

export const pluginStatesPlugin: VedPlugin<void> = {
  id: '@ved/core:plugin-states',
  autoStart: true,
  activate: (app) => void app.restored.then(tellFailures),
};

async function tellFailures(): Promise<void> {
  try {
    const states = await createClient(workspaceRoutes).plugins();
    for (const { id, state, error } of states) {
      if (state !== 'failed') continue;
      Notification.warning(`The part "${id}" could not start: ${error ?? 'the server’s log says why'}`, { autoClose: false });
    }
  } catch (error) {
    // The banner says it already.
    if (!(error instanceof ServerUnreachable)) throw error;
  }
}
