/** Adds the editor's commands to the palette and the menus. */

import { ILabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { type VedPlugin, Workspace } from '@ved/core/browser';
import { addEditorCommands, editorCommandIds } from '../commands/editor-commands.ts';
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

function addToMenus({ fileMenu, editMenu, viewMenu }: IMainMenu): void {
  const items = (...ids: string[]) => ids.map((command) => ({ command }));
  fileMenu.addGroup(items('editor:save'), 2);
  editMenu.addGroup(items('editor:undo', 'editor:redo'), 0);
  editMenu.addGroup(items('editor:find', 'editor:replace', 'editor:toggle-comment', 'editor:rename'), 10);
  editMenu.addGroup(items('editor:go-to-line', 'editor:go-to-symbol', 'editor:go-to-definition'), 20);
  viewMenu.addGroup(items('editor:show-problems', 'editor:next-problem', 'editor:previous-problem', 'editor:show-test-data'), 10);
}
