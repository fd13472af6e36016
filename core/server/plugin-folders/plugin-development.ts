/**
 * Reloads plugins in development on every save, makes open pages reload, and
 * tells the developer the outcome for each plugin.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pluginsChanged } from '@ved/core/contract';
import type { Logger } from 'pino';
import type { EventBus } from '../event-bus.ts';
import type { DisabledPlugins } from '../host/disabled-plugins.ts';
import type { PluginHost } from '../host/plugin-host.ts';
import { type PluginFolders, syntaxErrorIn } from './plugin-folders.ts';

/**
 * How often the times of the files are checked. Polling also works in containers and on network drives, where the system
 * sends no change notifications, and whether an editor writes into a file or replaces it.
 */
const LOOK_MS = 200;

/** The user name in the events it publishes. */
const DEVELOPER = 'plugin:dev';

export interface PluginDevelopmentParts {
  readonly folders: PluginFolders;
  readonly host: PluginHost;
  readonly disabled: DisabledPlugins;
  readonly events: EventBus;
  readonly log: Logger;
  tell(line: string): void;
}

export class PluginDevelopment {
  private readonly ended = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  constructor(private readonly parts: PluginDevelopmentParts) {}

  /** Reports what was loaded, and starts to watch. `loaded` is the stamp of the folders from before the load. */
  async start(loaded: string): Promise<void> {
    await this.tellAll();
    this.watching = this.watch(loaded);
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.watching;
  }

  private async watch(loaded: string): Promise<void> {
    const { folders, log } = this.parts;
    let before = loaded;
    while (await this.wait()) {
      const stamp = await folders.developedStamp();
      // When several files are saved together, the first alone would be an incomplete change.
      const isAtRest = stamp === before;
      before = stamp;
      if (!isAtRest || stamp === loaded) continue;
      loaded = stamp;
      await this.reload().catch((error) => log.error({ err: error }, 'could not reload the plugins in development'));
    }
  }

  private async reload(): Promise<void> {
    const { folders, host, disabled, events } = this.parts;
    await host.takeFolders(await folders.scan(host.soundFolders), await disabled.ids());
    await this.tellAll();
    events.publish(pluginsChanged, { id: null, by: DEVELOPER, reload: true });
  }

  private async tellAll(): Promise<void> {
    const { folders, host, tell } = this.parts;
    for (const path of await folders.developedPaths()) {
      const plugin = host.at(path);
      if (!plugin) continue;
      const { id, version, state, error, browserDir } = plugin;
      tell(state === 'failed' ? `✗ ${id}: ${error}` : `✓ ${id} ${version}: ${state}`);
      const fault = browserDir && (await syntaxErrorIn(browserDir));
      if (fault) tell(`✗ ${id}, in the page: ${fault.place}: ${fault.message}`);
    }
  }

  /** False once stopped. */
  private wait(): Promise<boolean> {
    return wait(LOOK_MS, true, { signal: this.ended.signal, ref: false }).catch(() => false);
  }
}
