/** Adds the editor's commands to the palette and the menus. */
import { ILabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { type VedPlugin, Workspace } from '@ved/core/browser';
import { addEditorCommands, editorCommandIds } from '../commands/editor-commands.ts';
import { addToMenus } from '../commands/menus.ts';
import { LanguageService } from '../language/language-service.ts';
import { ScriptTabs } from '../tokens.ts';

export const commandsPlugin: VedPlugin<void> = {
  id: '@ved/editor:commands',
  autoStart: true,
  requires: [ILabShell, Workspace, ScriptTabs, LanguageService],
  optional: [ICommandPalette, IMainMenu],
  activate: (
    { commands },
    shell: ILabShell,
    { canEdit }: Workspace,
    tabs: ScriptTabs,
    service: LanguageService,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
  ) => {
    addEditorCommands({ commands, tabs, service, canEdit, showPanel: (id) => shell.activateById(id) });
    for (const command of editorCommandIds) palette?.addItem({ command, category: 'Editor' });
    if (menu) addToMenus(menu);
  },
};
