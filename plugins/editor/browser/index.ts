/** The editor in the workspace: scripts in tabs, the language service, problems, test data, presence. */
import type { VedPlugin } from '@ved/core/browser';
import { commandsPlugin } from './parts/commands-plugin.ts';
import { languageServicePlugin, monacoPlugin, problemListPlugin } from './parts/language-plugin.ts';
import { problemsPanelPlugin, statusPlugin, testDataPanelPlugin } from './parts/panels-plugin.ts';
import { presencePlugin } from './parts/presence-plugin.ts';
import { editorsPlugin, pageIdentityPlugin, tabsPlugin } from './parts/tabs-plugin.ts';
import './style/editor.css';

export const editorPlugins: VedPlugin[] = [
  pageIdentityPlugin,
  tabsPlugin,
  editorsPlugin,
  monacoPlugin,
  languageServicePlugin,
  problemListPlugin,
  commandsPlugin,
  presencePlugin,
  problemsPanelPlugin,
  testDataPanelPlugin,
  statusPlugin,
];
