/** Provides `LiveEvents`; connects once the plugins are started. */
import type { VedPlugin } from '../app/ved-plugin.ts';
import { LiveEvents } from '../tokens.ts';
import { LiveEventConnection } from './live-events.ts';

/** Delivers events after the one with this id, since plugins load their lists before the connection is open. */
export const liveEventsPlugin = (lastEventId: string): VedPlugin<LiveEvents> => ({
  id: '@ved/core:live-events',
  autoStart: true,
  provides: LiveEvents,
  activate: (app) => {
    const connection = new LiveEventConnection(lastEventId);
    window.addEventListener('online', () => connection.retryNow());
    void app.started.then(() => connection.run());
    return connection;
  },
});
