/** The Help menu: keyboard shortcuts, the HTTP API, and About. */
import { Dialog, ICommandPalette, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { workspaceRoutes } from '@ved/core/contract';
import type { VedPlugin } from '../app/ved-plugin.ts';

export const helpCommands = ['help:shortcuts', 'help:api', 'help:about'];

export const helpPlugin: VedPlugin<void> = {
  id: '@ved/core:help',
  autoStart: true,
  requires: [ICommandPalette],
  activate: ({ commands, version }, palette: ICommandPalette) => {
    commands.addCommand('help:shortcuts', { label: 'Keyboard Shortcuts', execute: () => showShortcuts(commands) });
    commands.addCommand('help:api', {
      label: 'HTTP API (OpenAPI)',
      execute: () => void window.open(workspaceRoutes.openapi.path, '_blank', 'noopener'),
    });
    commands.addCommand('help:about', { label: 'About ved', execute: () => showAbout(version) });
    for (const command of helpCommands) palette.addItem({ command, category: 'Help' });
  },
};

interface Shortcut {
  readonly label: string;
  readonly keys: string;
}

function shortcutsOf(commands: CommandRegistry): Shortcut[] {
  return commands.keyBindings
    .filter(({ command }) => commands.hasCommand(command))
    .map(({ command, args, keys }) => ({
      label: commands.label(command, args) || command,
      keys: keys.map((key) => CommandRegistry.formatKeystroke(key)).join(' '),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

async function showShortcuts(commands: CommandRegistry): Promise<void> {
  const rows = shortcutsOf(commands).map(({ label, keys }) => (
    <tr key={`${label} ${keys}`}>
      <td>{label}</td>
      <td>
        <kbd>{keys}</kbd>
      </td>
    </tr>
  ));
  const table = (
    <table className="ved-Shortcuts">
      <tbody>{rows}</tbody>
    </table>
  );
  await showDialog({ title: 'Keyboard Shortcuts', body: ReactWidget.create(table), buttons: [Dialog.okButton({ label: 'Close' })] });
}

async function showAbout(version: string): Promise<void> {
  const body = (
    <div className="ved-About">
      <p>View, edit and run an ordered queue of Python scripts.</p>
      <p>Version {version}</p>
    </div>
  );
  await showDialog({ title: 'ved', body: ReactWidget.create(body), buttons: [Dialog.okButton({ label: 'Close' })] });
}
