/** Who wrote each line, beside the text of every open script: a setting of the person, and its commands. */
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { catalogRoutes } from '@ved/catalog/contract';
import { createClient, reasonOf, type VedPlugin } from '@ved/core/browser';
import { BlameDisplay, type BlameDisplayOptions } from '../blame/blame-display.ts';
import type { EditorSettings } from '../settings/editor-settings.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import { ScriptTabs } from '../tokens.ts';

const TOGGLE = 'editor:toggle-authors';
const ASK = 'editor:who-wrote-line';
/** The assistant's; without the assistant there is no such command. */
const SHOW_LOG = 'llm:show-log';

export const blamePlugin: VedPlugin<void> = {
  id: '@ved/editor:blame',
  description: 'Shows who wrote each line.',
  autoStart: true,
  requires: [ScriptTabs, ISettingRegistry],
  optional: [ICommandPalette, IMainMenu],
  activate: async ({ commands }, tabs: ScriptTabs, registry: ISettingRegistry, palette: ICommandPalette | null, menu: IMainMenu | null) => {
    const displays = new Map<OpenScript, BlameDisplay>();
    const settings = await registry.load('@ved/editor:settings');
    const isShown = () => (settings.composite as unknown as EditorSettings).showAuthors;
    const options: BlameDisplayOptions = {
      client: createClient(catalogRoutes),
      // A failure is shown by the tab.
      openVersion: (scriptId, versionId) => void tabs.open(scriptId, { versionId }).catch(() => undefined),
      get openPrompt() {
        return commands.hasCommand(SHOW_LOG) ? (interactionId: number) => void commands.execute(SHOW_LOG, { interactionId }) : null;
      },
      onError: (error, retry) =>
        Notification.error(`Who wrote which line could not be loaded. ${reasonOf(error)}`, {
          autoClose: 10_000,
          actions: [{ label: 'Try again', callback: retry }],
        }),
    };
    const begin = (script: OpenScript | null, whenGone: (dispose: () => void) => void) => {
      if (!script || displays.has(script)) return;
      const display = new BlameDisplay(script, options);
      displays.set(script, display);
      whenGone(() => {
        display.dispose();
        displays.delete(script);
      });
      display.setShown(isShown());
    };
    for (const tab of tabs.tabs) begin(tab.script, (dispose) => tab.disposed.connect(dispose));
    tabs.scriptOpened.connect((_, tab) => begin(tab.script, (dispose) => tab.disposed.connect(dispose)));
    settings.changed.connect(() => {
      for (const display of displays.values()) display.setShown(isShown());
      commands.notifyCommandChanged(TOGGLE);
    });

    commands.addCommand(TOGGLE, {
      label: 'Show Who Wrote Each Line',
      caption: 'Author, version and age beside the text, in every editor',
      isToggled: isShown,
      execute: () => settings.set('showAuthors', !isShown()),
    });
    commands.addCommand(ASK, {
      label: 'Who Wrote This Line',
      caption: 'The version that brought the line with the cursor (Shift+Alt+B)',
      isEnabled: () => tabs.current !== null,
      execute: async () => {
        if (!isShown()) await settings.set('showAuthors', true);
        if (tabs.current) displays.get(tabs.current)?.askAboutCursorLine();
      },
    });
    tabs.currentChanged.connect(() => commands.notifyCommandChanged(ASK));
    for (const command of [TOGGLE, ASK]) palette?.addItem({ command, category: 'Versions' });
    menu?.viewMenu.addGroup([{ command: TOGGLE }, { command: ASK }], 11);
    tabs.addToolbarCommand({ command: TOGGLE, rank: 52, overflow: true });
  },
};
