/** Lists plugins, and lets editors disable, enable and rescan them. */
import { type pluginRoutes, pluginsChanged } from '@ved/core/contract';
import type { EventBus } from '../event-bus.ts';
import type { PluginFolders } from '../plugin-folders/plugin-folders.ts';
import type { RouteHandlers } from '../router.ts';
import type { DisabledPlugins } from './disabled-plugins.ts';
import type { PluginHost } from './plugin-host.ts';

export interface PluginRouteParts {
  readonly host: PluginHost;
  readonly folders: PluginFolders;
  readonly disabled: DisabledPlugins;
  readonly events: EventBus;
}

export function pluginHandlers({ host, folders, disabled, events }: PluginRouteParts): RouteHandlers<typeof pluginRoutes> {
  return {
    listPlugins: () => host.describe(),
    disablePlugin: async ({ params: { id }, session: { username } }) => {
      await host.disable(id);
      await disabled.add(id, username);
      events.publish(pluginsChanged, { id, by: username });
      return host.describe();
    },
    enablePlugin: async ({ params: { id }, session: { username } }) => {
      await disabled.remove(id);
      await host.enable(id);
      events.publish(pluginsChanged, { id, by: username });
      return host.describe();
    },
    rescanPlugins: async ({ session: { username } }) => {
      const changed = await host.takeFolders(await folders.scan(host.soundFolders), await disabled.ids());
      if (changed) events.publish(pluginsChanged, { id: null, by: username });
      return host.describe();
    },
  };
}
