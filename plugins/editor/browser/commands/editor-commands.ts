/** The editor's commands, in one list. They act on the current script, or on the one that `scriptId` names. */
import { saveIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { LanguageService } from '../language/language-service.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import type { ScriptTabs } from '../tabs/script-tabs.ts';

export interface EditorCommandsOptions {
  readonly commands: CommandRegistry;
  readonly tabs: ScriptTabs;
  readonly service: LanguageService;
  readonly canEdit: boolean;
  readonly showPanel: (id: string) => void;
}

/** Monaco's own actions that appear in the menus. */
const actions = [
  { id: 'editor:undo', label: 'Undo', action: 'undo', writes: true },
  { id: 'editor:redo', label: 'Redo', action: 'redo', writes: true },
  { id: 'editor:find', label: 'Find', action: 'actions.find', writes: false },
  { id: 'editor:replace', label: 'Find and Replace', action: 'editor.action.startFindReplaceAction', writes: true },
  { id: 'editor:toggle-comment', label: 'Toggle Comment', action: 'editor.action.commentLine', writes: true },
  { id: 'editor:rename', label: 'Rename Symbol', action: 'editor.action.rename', writes: true },
  { id: 'editor:go-to-definition', label: 'Go to Definition', action: 'editor.action.revealDefinition', writes: false },
  { id: 'editor:go-to-line', label: 'Go to Line', action: 'editor.action.gotoLine', writes: false },
  { id: 'editor:go-to-symbol', label: 'Go to Symbol', action: 'editor.action.quickOutline', writes: false },
  { id: 'editor:next-problem', label: 'Next Problem', action: 'editor.action.marker.next', writes: false },
  { id: 'editor:previous-problem', label: 'Previous Problem', action: 'editor.action.marker.prev', writes: false },
];

/** For the palette. */
export const editorCommandIds = [
  'editor:save',
  ...actions.map(({ id }) => id),
  'editor:show-problems',
  'editor:show-test-data',
  'editor:restart-language-service',
];

export function addEditorCommands({ commands, tabs, service, canEdit, showPanel }: EditorCommandsOptions): void {
  const scriptOf = (args: ReadonlyPartialJSONObject): OpenScript | null =>
    typeof args.scriptId === 'number' ? (tabs.all.find(({ scriptId }) => scriptId === args.scriptId) ?? null) : tabs.current;

  commands.addCommand('editor:open', {
    label: 'Open Script',
    execute: (args) =>
      void tabs.open(args.scriptId as number, { versionId: args.versionId as number | undefined, line: args.line as number | undefined }),
  });
  commands.addCommand('editor:save', {
    label: 'Save',
    caption: 'Save a new version',
    icon: (args) => (args.toolbar ? saveIcon : undefined),
    isVisible: () => canEdit,
    isEnabled: (args) => canWrite(scriptOf(args)),
    execute: (args) => scriptOf(args)?.save(),
  });
  for (const { id, label, action, writes } of actions) {
    commands.addCommand(id, {
      label,
      isVisible: () => canEdit || !writes,
      isEnabled: () => (writes ? canWrite(tabs.current) : tabs.current !== null),
      execute: () => tabs.current?.view.run(action),
    });
  }
  commands.addCommand('editor:show-problems', { label: 'Show Problems', execute: () => showPanel('ved-problems') });
  commands.addCommand('editor:show-test-data', { label: 'Test Data', execute: () => showPanel('ved-test-data') });
  commands.addCommand('editor:restart-language-service', {
    label: `Restart ${service.name}`,
    isEnabled: () => service.status.state !== 'off',
    execute: () => service.restart(),
  });

  const update = () => {
    for (const id of editorCommandIds) commands.notifyCommandChanged(id);
  };
  tabs.currentChanged.connect(update);
  service.statusChanged.connect(update);
}

function canWrite(script: OpenScript | null): boolean {
  return script !== null && !script.readOnly;
}
