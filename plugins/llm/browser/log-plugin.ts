/** The log of the assistant, its menu, and today's cost in the status bar. */
import { ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { IStatusBar } from '@jupyterlab/statusbar';
import { MenuSvg, RankedMenu } from '@jupyterlab/ui-components';
import { Catalog } from '@ved/catalog/contract';
import { LiveEvents, type VedPlugin } from '@ved/core/browser';
import { AssistantLog } from '@ved/llm/contract';
import { AvailabilityToken } from './availability-plugin.ts';
import type { Availability } from './chat/availability.ts';
import { CostItem } from './log/cost-item.tsx';
import { LogPanel } from './log/log-panel.tsx';

/** Between Run and Settings. */
const MENU_RANK = 450;

export const logPlugin: VedPlugin<AssistantLog> = {
  id: '@ved/llm:log',
  description: 'The assistant log and the cost.',
  autoStart: true,
  requires: [Catalog, LiveEvents, AvailabilityToken],
  optional: [ICommandPalette, IMainMenu, IStatusBar, ILayoutRestorer],
  provides: AssistantLog,
  activate: (
    app: JupyterFrontEnd,
    catalog: Catalog,
    events: LiveEvents,
    availability: Availability,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    statusBar: IStatusBar | null,
    restorer: ILayoutRestorer | null,
  ) => {
    const open = new WidgetTracker<LogPanel>({ namespace: 'llm-log' });
    const show = async (interactionId?: number) => {
      const panel = open.currentWidget ?? new LogPanel({ catalog, events });
      if (!panel.isAttached) app.shell.add(panel, 'main');
      if (!open.has(panel)) await open.add(panel);
      if (interactionId !== undefined) panel.showInteraction(interactionId);
      app.shell.activateById(panel.id);
    };
    app.commands.addCommand('llm:show-log', {
      label: 'Show the Assistant Log',
      caption: 'All questions, with answers and costs',
      execute: () => show(),
    });
    void restorer?.restore(open, { command: 'llm:show-log', name: () => 'log' });
    palette?.addItem({ command: 'llm:show-log', category: 'Assistant' });
    menu?.addMenu(assistantMenu(app), false, { rank: MENU_RANK });
    statusBar?.registerStatusItem('@ved/llm:cost', { item: new CostItem(availability, app.commands), align: 'right', rank: 10 });
    return { show };
  },
};

/** Commands that the person may not use are hidden. */
function assistantMenu(app: JupyterFrontEnd): RankedMenu {
  const menu = new RankedMenu({ commands: app.commands, renderer: MenuSvg.defaultRenderer });
  menu.title.label = 'Assistant';
  menu.addGroup([{ command: 'llm:ask' }], 0);
  menu.addGroup([{ command: 'llm:show-log' }], 10);
  return menu;
}
