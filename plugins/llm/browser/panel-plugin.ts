/** The Assistant panel, for editors; others can only read the log. */

import { ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { Catalog } from '@ved/catalog/contract';
import { type SettingsSchema, type VedPlugin, Workspace } from '@ved/core/browser';
import { Editors } from '@ved/editor/contract';
import { Runs } from '@ved/runner/contract';
import { Assistant } from '../contract/index.ts';
import { AvailabilityToken } from './availability-plugin.ts';
import { askAboutRun } from './chat/ask-about-run.ts';
import { AssistantPanel } from './chat/assistant-panel.tsx';
import type { Availability } from './chat/availability.ts';
import { Chats } from './chat/chats.ts';
import { PromptDrafts } from './chat/prompt-drafts.ts';

const settingsSchema: SettingsSchema = {
  title: 'Assistant',
  description: 'The panel that asks the language model.',
  type: 'object',
  properties: {},
  additionalProperties: false,
  // After Alt+1 catalog, Alt+2 editor, Alt+3 output.
  'jupyter.lab.shortcuts': [{ command: 'llm:ask', keys: ['Alt 4'], selector: 'body' }],
};

export const panelPlugin: VedPlugin<Assistant> = {
  id: '@ved/llm:panel',
  description: 'The panel that asks the language model.',
  autoStart: true,
  requires: [Workspace, Editors, AvailabilityToken],
  optional: [Catalog, Runs, ICommandPalette, ILayoutRestorer],
  provides: Assistant,
  settingsSchema,
  activate: (
    app: JupyterFrontEnd,
    workspace: Workspace,
    editors: Editors,
    availability: Availability,
    catalog: Catalog | null,
    runs: Runs | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
  ): Assistant => {
    if (!workspace.canEdit) return readOnlyAssistant;
    const chats = new Chats(new PromptDrafts(workspace.session.username));
    const panel = new AssistantPanel({ chats, editors, availability, commands: app.commands });
    app.shell.add(panel, 'right', { rank: 10 });
    restorer?.add(panel, panel.id);
    app.commands.addCommand('llm:ask', {
      label: 'Ask the Assistant',
      caption: 'Go to the prompt box',
      execute: () => app.shell.activateById(panel.id),
    });
    palette?.addItem({ command: 'llm:ask', category: 'Assistant' });
    const assistant: Assistant = {
      suggestPrompt: (prompt, subject) => {
        panel.suggest(prompt, subject);
        // The script's tab is activated first and takes the focus; then the focus moves to the box.
        void panel.openScript(subject).then(() => app.shell.activateById(panel.id));
      },
    };
    if (catalog)
      runs?.addAction({
        label: 'Ask the assistant',
        isOffered: ({ status }) => status === 'failed',
        execute: ({ id }) => askAboutRun({ assistant, catalog }, id),
      });
    return assistant;
  },
};

const readOnlyAssistant: Assistant = {
  suggestPrompt: () => void Notification.info('Your account is read-only. Ask an editor to use the assistant.', { autoClose: 5000 }),
};
