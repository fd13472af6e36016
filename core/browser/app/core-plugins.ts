/** The list of core's own browser plugins. */
import { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { notificationPlugin } from '@jupyterlab/apputils-extension/lib/notificationplugin.js';
import { IStateDB } from '@jupyterlab/statedb';
import statusBarPlugin from '@jupyterlab/statusbar-extension';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { pageAddressPlugin } from '../address/page-address.ts';
import { connectionBannerPlugin } from '../live/connection-banner.ts';
import { liveEventsPlugin } from '../live/live-events-plugin.ts';
import type { PluginProblem } from '../plugins/foreign-plugins.ts';
import { pluginStatesPlugin } from '../plugins/plugin-states.ts';
import { pluginsPanelPlugin } from '../plugins/plugins-panel-plugin.ts';
import { lostSessionPlugin } from '../session/lost-session-plugin.ts';
import { workspacePlugin } from '../session/workspace-plugin.ts';
import { SettingConnector } from '../settings/setting-connector.ts';
import { settingsPanelPlugin } from '../settings/settings-panel-plugin.ts';
import { settingsPlugin } from '../settings/settings-plugin.ts';
import { dialogFocusPlugin } from '../shell/dialog-focus.ts';
import { helpPlugin } from '../shell/help.tsx';
import { layoutPlugin, shellPlugin } from '../shell/layout.ts';
import { layoutCommandsPlugin } from '../shell/layout-commands.ts';
import { mainMenuPlugin } from '../shell/main-menu.ts';
import { pageTitlePlugin } from '../shell/page-title.ts';
import { palettePlugin } from '../shell/palette.ts';
import { shortcutsPlugin } from '../shell/shortcuts.ts';
import { stalePagePlugin } from '../shell/stale-page.ts';
import { startHintPlugin } from '../shell/start-hint.ts';
import { statusItemsPlugin } from '../shell/status-items.ts';
import { strayFilesPlugin } from '../shell/stray-files.ts';
import { tabCommandsPlugin } from '../shell/tab-commands.ts';
import { tabScrollPlugin } from '../shell/tab-scroll.ts';
import { themeCommandsPlugin, themesPlugin } from '../shell/themes.ts';
import { topBarPlugin } from '../shell/top-bar.ts';
import { reportOnce } from '../state/refusals.ts';
import { createServerState } from '../state/server-state.ts';
import type { BootData } from './boot.ts';
import { inertPaths } from './ved-app.ts';
import type { SettingsSchema, VedPlugin } from './ved-plugin.ts';

/** All of them, for this person's settings and state. `problems` are those of third-party plugins. */
export function corePlugins(boot: BootData, schemas: ReadonlyMap<string, SettingsSchema>, problems: readonly PluginProblem[]): VedPlugin[] {
  const onRefused = reportOnce((message) => Notification.error(message, { autoClose: false }));
  const state = createServerState(boot.session.username, boot.state, onRefused);
  const connector = new SettingConnector(schemas, boot.session.username, boot.settings, onRefused);
  const flush = async (keepalive?: boolean) => void (await Promise.all([state.flush(keepalive), connector.flush(keepalive)]));
  return [
    provide('@ved/core:paths', JupyterFrontEnd.IPaths, inertPaths),
    provide('@ved/core:translator', ITranslator, nullTranslator),
    provide('@ved/core:state', IStateDB, state.db),
    settingsPlugin(connector),
    workspacePlugin(boot.session, flush),
    liveEventsPlugin(boot.last_event_id),
    lostSessionPlugin,
    connectionBannerPlugin,
    pageAddressPlugin,
    shellPlugin,
    layoutPlugin(flush),
    pageTitlePlugin,
    dialogFocusPlugin,
    themesPlugin,
    palettePlugin,
    themeCommandsPlugin,
    layoutCommandsPlugin,
    tabCommandsPlugin,
    tabScrollPlugin,
    strayFilesPlugin,
    topBarPlugin,
    mainMenuPlugin,
    helpPlugin,
    startHintPlugin,
    shortcutsPlugin(schemas),
    settingsPanelPlugin(schemas),
    statusBarPlugin,
    statusItemsPlugin,
    notificationPlugin,
    pluginStatesPlugin(problems),
    pluginsPanelPlugin(problems),
    stalePagePlugin,
  ];
}

function provide<T>(id: string, token: VedPlugin<T>['provides'], value: T): VedPlugin<T> {
  return { id, autoStart: true, provides: token, activate: () => value };
}
