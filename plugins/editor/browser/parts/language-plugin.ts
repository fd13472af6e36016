/** The language service, started once a script is visible so that it delays nothing; its problems; and Monaco's settings. */

import { typeshedUrl, workerUrl } from 'virtual:ved-pyright';
import { ILabShell } from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { VedPlugin } from '@ved/core/browser';
import { LanguageService } from '../language/language-service.ts';
import { PyrightService } from '../language/pyright/pyright-service.ts';
import { loadMonaco, onMonacoLoaded } from '../monaco-loader.ts';
import { ProblemList as Problems } from '../problems/problem-list.ts';
import { type EditorSettings, editorSettingsSchema } from '../settings/editor-settings.ts';
import { showStub } from '../stubs/stub-tab.ts';
import { ProblemList, ScriptTabs } from '../tokens.ts';

export const languageServicePlugin: VedPlugin<LanguageService> = {
  id: '@ved/editor:language-service',
  autoStart: true,
  requires: [ScriptTabs, ISettingRegistry],
  provides: LanguageService,
  activate: async (_app, tabs: ScriptTabs, registry: ISettingRegistry) => {
    const service = new PyrightService({ workerUrl, typeshedUrl });
    const settings = await registry.load('@ved/editor:settings');
    const follow = () => service.setAllowed((settings.composite as unknown as EditorSettings).checkTypes);
    settings.changed.connect(follow);
    follow();
    // Two frames: the first draws the text.
    const start = () => requestAnimationFrame(() => requestAnimationFrame(() => service.start()));
    tabs.scriptOpened.connect(start);
    if (tabs.all.length > 0) start();
    return service;
  },
};

export const problemListPlugin: VedPlugin<ProblemList> = {
  id: '@ved/editor:problem-list',
  autoStart: true,
  provides: ProblemList,
  activate: () => {
    const list = new Problems();
    onMonacoLoaded((monaco) => list.follow(monaco));
    return list;
  },
};

/** Monaco is fetched when the workspace is ready or when the first script is opened, whichever is first. */
export const monacoPlugin: VedPlugin<void> = {
  id: '@ved/editor:settings',
  autoStart: true,
  requires: [ILabShell, ISettingRegistry, IThemeManager],
  settingsSchema: editorSettingsSchema,
  activate: async (app, shell: ILabShell, registry: ISettingRegistry, themes: IThemeManager) => {
    const settings = await registry.load('@ved/editor:settings');
    onMonacoLoaded((monaco) => {
      const apply = () => monaco.applySettings(settings.composite as unknown as EditorSettings);
      const theme = () => monaco.applyTheme(!themes.theme || themes.isLight(themes.theme));
      settings.changed.connect(apply);
      themes.themeChanged.connect(theme);
      apply();
      theme();
      monaco.onOpenOtherFile((uri, line) => showStub(shell, monaco, uri, line));
    });
    // Ignore a failure: opening a script tries again, and shows why it fails.
    void app.restored.then(() => requestIdleCallback(() => loadMonaco().catch(() => undefined)));
  },
};
