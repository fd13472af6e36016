/** Commands for the shell's areas: show, hide, focus, next and previous tab. */
import { ILabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { VedPlugin } from '../app/ved-plugin.ts';

export const layoutCommandsPlugin: VedPlugin<void> = {
  id: '@ved/core:layout-commands',
  autoStart: true,
  requires: [ILabShell, ICommandPalette],
  activate: (app, shell: ILabShell, palette: ICommandPalette) => {
    const commands = layoutCommands(shell);
    for (const [id, options] of Object.entries(commands)) {
      app.commands.addCommand(id, options);
      palette.addItem({ command: id, category: 'View' });
    }
    const update = () => {
      for (const id of Object.keys(commands)) app.commands.notifyCommandChanged(id);
    };
    shell.layoutModified.connect(update);
    shell.currentChanged.connect(update);
  },
};

type Area = 'left' | 'right' | 'down';

function layoutCommands(shell: ILabShell): Record<string, CommandRegistry.ICommandOptions> {
  return {
    'workspace:toggle-left': toggle(shell, 'left', 'Left Side'),
    'workspace:toggle-right': toggle(shell, 'right', 'Right Side'),
    'workspace:toggle-bottom': toggle(shell, 'down', 'Bottom'),
    'workspace:focus-left': { label: 'Go to Left Side', isEnabled: () => !shell.isEmpty('left'), execute: () => focusArea(shell, 'left') },
    'workspace:focus-main': {
      label: 'Go to Main Area',
      isEnabled: () => !shell.isEmpty('main'),
      execute: () => shell.currentWidget && shell.activateById(shell.currentWidget.id),
    },
    'workspace:focus-bottom': { label: 'Go to Bottom', isEnabled: () => !shell.isEmpty('down'), execute: () => focusArea(shell, 'down') },
    'workspace:next-tab': { label: 'Next Tab', isEnabled: () => !shell.isEmpty('main'), execute: () => shell.activateNextTab() },
    'workspace:previous-tab': {
      label: 'Previous Tab',
      isEnabled: () => !shell.isEmpty('main'),
      execute: () => shell.activatePreviousTab(),
    },
  };
}

function toggle(shell: ILabShell, area: Area, name: string): CommandRegistry.ICommandOptions {
  return {
    label: `Show ${name}`,
    isToggleable: true,
    isToggled: () => !isCollapsed(shell, area),
    isEnabled: () => !shell.isEmpty(area),
    execute: () => (isCollapsed(shell, area) ? expand(shell, area) : collapse(shell, area)),
  };
}

function isCollapsed(shell: ILabShell, area: Area): boolean {
  if (area === 'left') return shell.leftCollapsed;
  return area === 'right' ? shell.rightCollapsed : shell.downCollapsed;
}

function expand(shell: ILabShell, area: Area): void {
  if (area === 'left') shell.expandLeft();
  else if (area === 'right') shell.expandRight();
  else shell.expandDown();
}

function collapse(shell: ILabShell, area: Area): void {
  if (area === 'left') shell.collapseLeft();
  else if (area === 'right') shell.collapseRight();
  else shell.collapseDown();
}

/** Shows the area and gives its visible panel the focus. */
function focusArea(shell: ILabShell, area: 'left' | 'down'): void {
  if (isCollapsed(shell, area)) expand(shell, area);
  const panels = [...shell.widgets(area)];
  const panel = panels.find((widget) => widget.isVisible) ?? panels[0];
  if (panel) shell.activateById(panel.id);
}
