/** Desktop notifications in the workspace: the command that turns them on, and what a click opens. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Catalog } from '@ved/catalog/contract';
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import { RUNNER_SETTINGS_ID } from '../settings.ts';
import { LongRunNotices } from './long-run-notices.ts';

const COMMAND = 'runner:toggle-notifications';

export const noticesPlugin: VedPlugin<void> = {
  id: '@ved/runner:notices',
  description: 'Notifies when a long run ends while the page is not visible.',
  autoStart: true,
  requires: [Workspace, LiveEvents, Catalog, ISettingRegistry],
  optional: [ICommandPalette, IMainMenu],
  activate: async (
    { commands }: JupyterFrontEnd,
    { session, canEdit }: Workspace,
    live: LiveEvents,
    catalog: Catalog,
    registry: ISettingRegistry,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
  ) => {
    // Viewers have no runs to wait for.
    if (!canEdit) return;
    const notices = new LongRunNotices({
      live,
      settings: await registry.load(RUNNER_SETTINGS_ID),
      username: session.username,
      nameOf: (scriptId) => catalog.find(scriptId)?.descriptive_name ?? `Script ${scriptId}`,
      openRun: (runId) => void commands.execute('runner:open-run', { runId }),
      openPass: (passId) => void commands.execute('runner:open-pass', { passId }),
    });
    commands.addCommand(COMMAND, {
      label: 'Notify Me When Long Runs End',
      caption: 'Show a desktop notification when one of your runs ends after more than 10 s while this page is not visible',
      isToggleable: true,
      isToggled: () => notices.on,
      execute: () => notices.toggle(),
    });
    notices.changed.connect(() => commands.notifyCommandChanged(COMMAND));
    palette?.addItem({ command: COMMAND, category: 'Run' });
    menu?.runMenu.addGroup([{ command: COMMAND }], 100);
  },
};
