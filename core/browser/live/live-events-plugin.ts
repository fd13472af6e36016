/** Provides `LiveEvents`, from the moment that the plugins are started. */
import type { VedPlugin } from '../app/ved-plugin.ts';
import { LiveEvents } from '../tokens.ts';
import { LiveEventConnection } from './live-events.ts';

export const liveEventsPlugin: VedPlugin<LiveEvents> = {
  id: '@ved/core:live-events',
  autoStart: true,
  provides: LiveEvents,
  activate: (app) => {
    const connection = new LiveEventConnection();
    void app.started.then(() => connection.run());
    return connection;
  },
};
