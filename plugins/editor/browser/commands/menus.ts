/** Adds the editor's commands to the main menu. */
import type { IMainMenu } from '@jupyterlab/mainmenu';

export function addToMenus({ fileMenu, editMenu, viewMenu }: IMainMenu): void {
  const items = (...ids: string[]) => ids.map((command) => ({ command }));
  fileMenu.addGroup(items('editor:save'), 2);
  editMenu.addGroup(items('editor:undo', 'editor:redo'), 0);
  editMenu.addGroup(items('editor:find', 'editor:replace', 'editor:toggle-comment', 'editor:rename'), 10);
  editMenu.addGroup(items('editor:go-to-line', 'editor:go-to-symbol', 'editor:go-to-definition'), 20);
  viewMenu.addGroup(items('editor:show-problems', 'editor:next-problem', 'editor:previous-problem', 'editor:show-test-data'), 10);
}
