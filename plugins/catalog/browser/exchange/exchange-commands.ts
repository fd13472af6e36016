/** The import and export commands. */
import type { CommandRegistry } from '@lumino/commands';
import type { ScriptList } from '../script-list.ts';
import { exportScripts } from './export.ts';
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
