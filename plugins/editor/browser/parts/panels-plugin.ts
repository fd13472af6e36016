/** The editor's panels and status bar items. */
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { type VedPlugin, Workspace } from '@ved/core/browser';
import { LanguageService } from '../language/language-service.ts';
import { ProblemsPanel } from '../problems/problems-panel.tsx';
import { LanguageStatus, ProblemsStatus, SavedStatus } from '../status/status-items.tsx';
import { TestDataPanel } from '../test-data/test-data-panel.tsx';
import { ProblemList, ScriptTabs } from '../tokens.ts';

export const problemsPanelPlugin: VedPlugin<void> = {
  id: '@ved/editor:problems-panel',
  autoStart: true,
  requires: [ILabShell, ILayoutRestorer, ISettingRegistry, ScriptTabs, ProblemList, LanguageService],
  activate: (
    _app,
    shell: ILabShell,
    restorer: ILayoutRestorer,
    registry: ISettingRegistry,
    tabs: ScriptTabs,
    problems: ProblemList,
    service: LanguageService,
  ) => {
    const panel = new ProblemsPanel(problems, tabs, service, () => void registry.set('@ved/editor:settings', 'checkTypes', true));
    shell.add(panel, 'down', { rank: 200 });
    restorer.add(panel, panel.id);
  },
};

export const testDataPanelPlugin: VedPlugin<void> = {
  id: '@ved/editor:test-data-panel',
  autoStart: true,
  requires: [ILabShell, ILayoutRestorer, ScriptTabs],
  activate: (_app, shell: ILabShell, restorer: ILayoutRestorer, tabs: ScriptTabs) => {
    const panel = new TestDataPanel(tabs);
    shell.add(panel, 'right', { rank: 300 });
    restorer.add(panel, panel.id);
  },
};

export const statusPlugin: VedPlugin<void> = {
  id: '@ved/editor:status',
  autoStart: true,
  requires: [ILabShell, IStatusBar, Workspace, ScriptTabs, ProblemList, LanguageService],
  activate: (
    _app,
    shell: ILabShell,
    bar: IStatusBar,
    { session }: Workspace,
    tabs: ScriptTabs,
    problems: ProblemList,
    service: LanguageService,
  ) => {
    bar.registerStatusItem('@ved/editor:language', { item: new LanguageStatus(service), align: 'left', rank: 100 });
    const showProblems = () => shell.activateById('ved-problems');
    bar.registerStatusItem('@ved/editor:problems', { item: new ProblemsStatus(problems, showProblems), align: 'left', rank: 110 });
    bar.registerStatusItem('@ved/editor:saved', { item: new SavedStatus(tabs, session.username), align: 'right', rank: 100 });
  },
};
