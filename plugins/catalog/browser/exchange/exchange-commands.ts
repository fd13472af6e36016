/** The import and export commands. */
import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import { catalogRoutes } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { ScriptList } from '../script-list.ts';
import { importScripts } from './import-flow.tsx';

/** In the menu and the palette, in this order. */
export const EXCHANGE_COMMANDS = ['catalog:import', 'catalog:export'];

export function addExchangeCommands(commands: CommandRegistry, list: ScriptList, canEdit: boolean): void {
  commands.addCommand('catalog:import', {
    label: 'Import…',
    caption: 'Create scripts from .py files, a folder or a zip',
    isVisible: () => canEdit,
    isEnabled: () => canEdit,
    execute: () => importScripts(list),
  });
  commands.addCommand('catalog:export', {
    label: 'Export as Zip',
    caption: 'All scripts at their newest versions, with their test data',
    isEnabled: () => list.scripts.length > 0,
    execute: () => exportScripts(),
  });
}

const client = createClient(catalogRoutes);

/** A request rather than a link, so that a lost session is restored and an error is shown. */
async function exportScripts(): Promise<void> {
  try {
    const url = URL.createObjectURL(await client.exportScripts());
    const link = document.createElement('a');
    link.href = url;
    link.download = 'ved-scripts.zip';
    link.click();
    URL.revokeObjectURL(url);
  } catch (error) {
    Notification.error((error as Error).message, { autoClose: false });
  }
}
