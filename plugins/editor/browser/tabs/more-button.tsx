/** The `⋯` menu of a toolbar. */
import { addToolbarButtonClass, ellipsesIcon, MenuSvg, ReactWidget, ToolbarButtonComponent } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';

/** Opens a menu of those commands that exist. */
export function moreButton(ids: readonly string[], commands: CommandRegistry, args: ReadonlyJSONObject): Widget {
  const open = () => {
    const menu = new MenuSvg({ commands });
    for (const command of ids) if (commands.hasCommand(command)) menu.addItem({ command, args });
    // The chosen command runs first.
    menu.aboutToClose.connect(() => queueMicrotask(() => menu.dispose()));
    const { left, bottom } = button.node.getBoundingClientRect();
    menu.open(left, bottom);
  };
  const button = addToolbarButtonClass(
    ReactWidget.create(<ToolbarButtonComponent icon={ellipsesIcon} tooltip="More" aria-haspopup="menu" onClick={open} />),
  );
  button.node.dataset.vedCommand = 'more';
  return button;
}
