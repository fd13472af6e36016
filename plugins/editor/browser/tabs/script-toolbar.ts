/** Fills a tab's toolbar: buttons, the version badge, the `⋯` menu. Updates when plugins add commands. */
import { CommandToolbarButton, Toolbar } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import { moreButton } from './more-button.tsx';
import type { ScriptTab } from './script-tab.ts';
import type { ToolbarCommand, ToolbarItems } from './toolbar-items.ts';
import { VersionBadge } from './version-badge.ts';

/** Commands act on this tab's script, whichever is the current one. */
export function buildToolbar(tab: ScriptTab, items: ToolbarItems, commands: CommandRegistry): void {
  let own: Widget[] = [];
  const rebuild = () => {
    // Remove only what was added here: the toolbar has other items.
    for (const widget of own) widget.dispose();
    const named = toolbarWidgets(tab, items, commands);
    for (const [name, widget] of named) tab.toolbar.addItem(name, widget);
    own = named.map(([, widget]) => widget);
  };
  items.changed.connect(rebuild);
  tab.disposed.connect(() => items.changed.disconnect(rebuild));
  // A new script gets its id when it is saved: the commands' arguments change.
  let scriptId = tab.target.scriptId;
  tab.script!.changed.connect(() => {
    if (tab.target.scriptId === scriptId) return;
    scriptId = tab.target.scriptId;
    rebuild();
  });
  rebuild();
}

function toolbarWidgets(tab: ScriptTab, items: ToolbarItems, commands: CommandRegistry): [name: string, widget: Widget][] {
  const args = commandArgs(tab);
  const { versionsCommand } = items;
  const overflow = items.menu.map(({ command }) => command);
  return [
    ...items.buttons.filter(({ command }) => commands.hasCommand(command)).map((item) => commandButton(item, commands, args)),
    ['more', moreButton(overflow, commands, args)],
    ['spacer', Toolbar.createSpacerItem()],
    ['version', new VersionBadge(tab.script!, versionsCommand === null ? null : () => void commands.execute(versionsCommand, args))],
  ];
}

function commandButton({ command, label }: ToolbarCommand, commands: CommandRegistry, args: CommandArgs): [string, Widget] {
  const button = new CommandToolbarButton({ commands, id: command, args: { ...args, toolbar: true }, ...(label && { label }) });
  button.node.dataset.vedCommand = command;
  return [command, button];
}

type CommandArgs = { scriptId?: number };

function commandArgs({ target }: ScriptTab): CommandArgs {
  return target.scriptId === null ? {} : { scriptId: target.scriptId };
}
