/** Fills a tab's toolbar: buttons, the version badge, the `⋯` menu. Follows what plugins add. */
import { CommandToolbarButton, ellipsesIcon, MenuSvg, Toolbar, ToolbarButton } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import type { ScriptTab } from './script-tab.ts';
import type { ToolbarItems } from './toolbar-items.ts';
import { VersionBadge } from './version-badge.ts';

/** Commands act on this tab's script, whichever is the current one. */
export function buildToolbar(tab: ScriptTab, items: ToolbarItems, commands: CommandRegistry): void {
  const rebuild = () => fill(tab, items, commands);
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

function fill(tab: ScriptTab, items: ToolbarItems, commands: CommandRegistry): void {
  const { toolbar } = tab;
  for (const widget of [...toolbar.children()]) widget.dispose();
  const args = commandArgs(tab);
  for (const { command, label } of items.buttons) {
    if (!commands.hasCommand(command)) continue;
    const button = new CommandToolbarButton({ commands, id: command, args: { ...args, toolbar: true }, label: label ?? '' });
    button.node.dataset.vedCommand = command;
    toolbar.addItem(command, button);
  }
  if (items.menu.length > 0) toolbar.addItem('more', moreButton(items, commands, args));
  toolbar.addItem('spacer', Toolbar.createSpacerItem() as Widget);
  toolbar.addItem('version', new VersionBadge(tab.script!, () => void commands.execute('git:show-history', args)));
}

function commandArgs({ target }: ScriptTab): ReadonlyPartialJSONObject & { scriptId?: number } {
  return target.scriptId === null ? {} : { scriptId: target.scriptId };
}

function moreButton(items: ToolbarItems, commands: CommandRegistry, args: { scriptId?: number }): ToolbarButton {
  const button: ToolbarButton = new ToolbarButton({
    icon: ellipsesIcon,
    tooltip: 'More',
    'aria-haspopup': 'menu',
    onClick: () => {
      const menu = new MenuSvg({ commands });
      for (const { command } of items.menu) if (commands.hasCommand(command)) menu.addItem({ command, args });
      menu.aboutToClose.connect(() => queueMicrotask(() => menu.dispose()));
      const { left, bottom } = button.node.getBoundingClientRect();
      menu.open(left, bottom);
    },
  });
  button.node.dataset.vedCommand = 'more';
  return button;
}
