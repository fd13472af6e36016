/** Provides `LiveEvents`, from the moment that the plugins are started. */
import type { VedPlugin } from '../app/ved-plugin.ts';
import { LiveEvents } from '../tokens.ts';
import { LiveEventConnection } from './live-events.ts';

/** Tells what came after the event with this id: plugins read their lists before the connection is there. */
export const liveEventsPlugin = (lastEventId: string): VedPlugin<LiveEvents> => ({
  id: '@ved/core:live-events',
  autoStart: true,
  provides: LiveEvents,
  activate: (app) => {
    const connection = new LiveEventConnection(lastEventId);
    void app.started.then(() => connection.run());
    return connection;
  },
});
