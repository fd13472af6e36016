/** Who wrote each line, next to the text of every open script: the setting and the commands. */
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { catalogRoutes } from '@ved/catalog/contract';
import { createClient, reasonOf, type SettingsSchema, type VedPlugin } from '@ved/core/browser';
import { Editors, type ScriptEditor } from '@ved/editor/contract';
import { AssistantLog } from '@ved/llm/contract';
import { BlameDisplay, type BlameDisplayOptions } from './blame-display.ts';

const ID = '@ved/versions:blame';
const TOGGLE = 'versions:toggle-authors';
const ASK = 'versions:who-wrote-line';

const settingsSchema: SettingsSchema = {
  type: 'object',
  title: 'Versions',
  description: 'What to show about the versions of a script.',
  additionalProperties: false,
  'jupyter.lab.shortcuts': [{ command: 'versions:who-wrote-line', keys: ['Shift Alt B'], selector: 'body' }],
  properties: { showAuthors: { type: 'boolean', title: 'Show who wrote each line', default: false } },
};

export const blamePlugin: VedPlugin<void> = {
  id: ID,
  description: 'Shows who wrote each line.',
  autoStart: true,
  settingsSchema,
  requires: [Editors, ISettingRegistry],
  optional: [AssistantLog, ICommandPalette, IMainMenu],
  activate: async (
    { commands },
    editors: Editors,
    registry: ISettingRegistry,
    log: AssistantLog | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
  ) => {
    const displays = new Map<ScriptEditor, BlameDisplay>();
    const settings = await registry.load(ID);
    const isShown = () => settings.composite.showAuthors === true;
    const options: BlameDisplayOptions = {
      client: createClient(catalogRoutes),
      // The tab shows a failure.
      openVersion: (scriptId, versionId) => void editors.open(scriptId, { versionId }).catch(() => undefined),
      openPrompt: log && ((interactionId) => void log.show(interactionId)),
      onError: (error, retry) =>
        Notification.error(`The authors of the lines could not be loaded. ${reasonOf(error)}`, {
          autoClose: 10_000,
          actions: [{ label: 'Try again', callback: retry }],
        }),
    };
    const begin = (editor: ScriptEditor) => {
      const display = new BlameDisplay(editor, options);
      displays.set(editor, display);
      editor.closed.connect(() => {
        display.dispose();
        displays.delete(editor);
      });
      display.setShown(isShown());
    };
    editors.all.forEach(begin);
    editors.opened.connect((_, editor) => begin(editor));
    settings.changed.connect(() => {
      for (const display of displays.values()) display.setShown(isShown());
      commands.notifyCommandChanged(TOGGLE);
    });

    commands.addCommand(TOGGLE, {
      label: 'Show Who Wrote Each Line',
      caption: 'Author, version and age next to the text, in every editor',
      isToggled: isShown,
      execute: () => settings.set('showAuthors', !isShown()),
    });
    commands.addCommand(ASK, {
      label: 'Who Wrote This Line',
      caption: 'The version that the line with the cursor comes from (Shift+Alt+B)',
      isEnabled: () => editors.current !== null,
      execute: async () => {
        if (!isShown()) await settings.set('showAuthors', true);
        if (editors.current) displays.get(editors.current)?.showCursorLine();
      },
    });
    editors.currentChanged.connect(() => commands.notifyCommandChanged(ASK));
    for (const command of [TOGGLE, ASK]) palette?.addItem({ command, category: 'Versions' });
    menu?.viewMenu.addGroup([{ command: TOGGLE }, { command: ASK }], 11);
    editors.addToolbarCommand({ command: TOGGLE, rank: 52, overflow: true });
  },
};
