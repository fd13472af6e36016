/** Lists plugins, and lets editors disable and enable them. */
import { type pluginRoutes, pluginsChanged } from '@ved/core/contract';
import type { EventBus } from '../event-bus.ts';
import type { RouteHandlers } from '../router.ts';
import type { DisabledPlugins } from './disabled-plugins.ts';
import type { PluginHost } from './plugin-host.ts';

export interface PluginRouteParts {
  readonly host: PluginHost;
  readonly disabled: DisabledPlugins;
  readonly events: EventBus;
}

export function pluginHandlers({ host, disabled, events }: PluginRouteParts): RouteHandlers<typeof pluginRoutes> {
  return {
    listPlugins: () => host.states,
    disablePlugin: async ({ params: { id }, session: { username } }) => {
      await host.disable(id);
      await disabled.add(id, username);
      events.publish(pluginsChanged, { id, by: username });
      return host.states;
    },
    enablePlugin: async ({ params: { id }, session: { username } }) => {
      await disabled.remove(id);
      await host.enable(id);
      events.publish(pluginsChanged, { id, by: username });
      return host.states;
    },
  };
}
