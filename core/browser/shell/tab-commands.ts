/** Commands on one tab, in its context menu: close it, close the others, move it to another area. */
import { ILabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';
import type { VedApp } from '../app/ved-app.ts';
import type { VedPlugin } from '../app/ved-plugin.ts';

const areas = ['main', 'left', 'right', 'down'] as const;
type Area = (typeof areas)[number];
const areaNames: Record<Area, string> = { main: 'Main Area', left: 'Left Side', right: 'Right Side', down: 'Bottom' };

const closableTabs = ['.lm-DockPanel-tabBar .lm-TabBar-tab', '#jp-down-stack .lm-TabBar-tab'];
const allTabs = [...closableTabs, '.jp-SideBar .lm-TabBar-tab'];
const closingCommands = ['workspace:close-tab', 'workspace:close-other-tabs'];

export const tabCommandsPlugin: VedPlugin<void> = {
  id: '@ved/core:tab-commands',
  autoStart: true,
  requires: [ILabShell, ICommandPalette],
  activate: (app, shell: ILabShell, palette: ICommandPalette) => {
    const tabs = new Tabs(app as unknown as VedApp, shell);
    app.commands.addCommand('workspace:close-tab', {
      label: 'Close Tab',
      isEnabled: () => tabs.target()?.title.closable ?? false,
      execute: () => tabs.target()?.close(),
    });
    app.commands.addCommand('workspace:close-other-tabs', {
      label: 'Close Other Tabs',
      isEnabled: () => tabs.others().length > 0,
      execute: () => tabs.others().forEach((widget) => void widget.close()),
    });
    app.commands.addCommand('workspace:move-tab', {
      label: (args) => `Move to ${areaNames[args.area as Area] ?? 'Another Area'}`,
      isVisible: (args) => tabs.areaOfTarget() !== args.area,
      execute: (args) => tabs.move(args.area as Area),
    });
    closingCommands.forEach((command, rank) => {
      for (const selector of closableTabs) app.contextMenu.addItem({ command, selector, rank });
      palette.addItem({ command, category: 'View' });
    });
    areas.forEach((area, index) => {
      for (const selector of allTabs) {
        app.contextMenu.addItem({ command: 'workspace:move-tab', args: { area }, selector, rank: 10 + index });
      }
    });
    shell.currentChanged.connect(() => {
      for (const command of closingCommands) app.commands.notifyCommandChanged(command);
    });
  },
};

/** Finds the tab that a command is about: the right-clicked one, else the current one. */
class Tabs {
  constructor(
    private readonly app: VedApp,
    private readonly shell: ILabShell,
  ) {}

  target(): Widget | null {
    const id = this.app.contextMenuHitTest((node) => node.dataset.id !== undefined)?.dataset.id;
    return this.all().find((widget) => widget.id === id) ?? this.shell.currentWidget;
  }

  others(): Widget[] {
    const target = this.target();
    const area = target && this.areaOf(target);
    if (!area) return [];
    return [...this.shell.widgets(area)].filter((widget) => widget !== target && widget.title.closable);
  }

  areaOfTarget(): Area | null {
    const target = this.target();
    return target && this.areaOf(target);
  }

  move(area: Area): void {
    const target = this.target();
    if (!target) return;
    this.shell.add(target, area);
    this.shell.activateById(target.id);
  }

  private all(): Widget[] {
    return areas.flatMap((area) => [...this.shell.widgets(area)]);
  }

  private areaOf(target: Widget): Area | null {
    return areas.find((area) => [...this.shell.widgets(area)].includes(target)) ?? null;
  }
}
