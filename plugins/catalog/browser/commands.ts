/** Registers the catalog's commands; `script-actions.ts` implements them. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { addIcon } from '@jupyterlab/ui-components';
import type { ScriptSummary } from '@ved/catalog/contract';
import type { SettingsSchema, Workspace } from '@ved/core/browser';
import type { CatalogPanel } from './catalog-panel.tsx';
import { goToScript } from './go-to-script.ts';
import type { ScriptActions } from './script-actions.ts';
import type { ScriptList } from './script-list.ts';
import type { WorkspaceScripts } from './workspace-scripts.ts';

export interface CommandParts {
  readonly app: JupyterFrontEnd;
  readonly panel: CatalogPanel;
  readonly list: ScriptList;
  readonly scripts: WorkspaceScripts;
  readonly actions: ScriptActions;
  readonly workspace: Workspace;
}

type Args = { readonly scriptId?: unknown; readonly inCatalog?: unknown; readonly keepFocus?: unknown };

/** Commands that write, in the order of the palette and the menus. */
export const EDITOR_COMMANDS = ['catalog:fork', 'catalog:bump-major', 'catalog:renumber', 'catalog:delete'];

export function addCommands(parts: CommandParts): void {
  const { app, panel, list, scripts, actions, workspace } = parts;
  const { commands } = app;
  const canEdit = () => workspace.canEdit;

  const canOpen = () => scripts.opener !== null;
  const target = (args: Args): ScriptSummary | undefined => {
    const id = scripts.of(args);
    return id === null ? undefined : list.find(id);
  };
  const onScript = (options: {
    label: string;
    caption?: string;
    writes: boolean;
    run(script: ScriptSummary, args: Args): Promise<unknown>;
  }) => ({
    label: options.label,
    caption: options.caption ?? '',
    isVisible: () => !options.writes || canEdit(),
    isEnabled: (args: Args) => (!options.writes || canEdit()) && target(args) !== undefined,
    execute: async (args: Args) => {
      const script = target(args);
      if (script) await options.run(script, args);
    },
  });

  commands.addCommand('catalog:new', {
    label: (args) => (args.isPalette || args.isMenu ? 'New Script' : 'New script'),
    caption: 'New script from the template',
    icon: addIcon,
    isVisible: () => canEdit() && canOpen(),
    isEnabled: () => canEdit() && canOpen(),
    execute: () => scripts.opener?.openNew(),
  });
  const open = onScript({
    label: 'Open',
    writes: false,
    run: (script, { keepFocus }) => scripts.open(script.id, { keepFocus: keepFocus === true }).catch(() => undefined),
  });
  commands.addCommand('catalog:open', { ...open, isVisible: canOpen });
  commands.addCommand('catalog:go-to-script', {
    label: 'Go to Script…',
    caption: 'Open a script by name or number',
    isVisible: canOpen,
    isEnabled: canOpen,
    execute: () => goToScript(list, (id) => void scripts.open(id).catch(() => undefined)),
  });
  commands.addCommand(
    'catalog:fork',
    onScript({
      label: 'Fork',
      caption: 'Create a new script with the same content',
      writes: true,
      run: (script) => actions.fork(script.id),
    }),
  );
  commands.addCommand(
    'catalog:bump-major',
    onScript({
      label: 'Bump Major Version',
      caption: 'Number the newest version (major + 1).0',
      writes: true,
      run: (script) => actions.bumpMajor(script.id),
    }),
  );
  commands.addCommand(
    'catalog:renumber',
    onScript({
      label: 'Renumber…',
      caption: 'Give the script a different number',
      writes: true,
      run: (script) => actions.renumber(script),
    }),
  );
  commands.addCommand(
    'catalog:delete',
    onScript({
      label: 'Delete Script…',
      caption: 'Remove the script from the queue; can be undone',
      writes: true,
      run: (script) => actions.delete(script),
    }),
  );
  commands.addCommand(
    'catalog:move-up',
    onScript({ label: 'Move Up in the Queue', writes: true, run: (script) => actions.step(script.id, -1) }),
  );
  commands.addCommand(
    'catalog:move-down',
    onScript({ label: 'Move Down in the Queue', writes: true, run: (script) => actions.step(script.id, 1) }),
  );
  commands.addCommand('catalog:undo-move', {
    label: 'Undo Last Move',
    caption: 'Give the moved scripts their old numbers',
    isVisible: canEdit,
    isEnabled: () => canEdit() && actions.canUndoMove,
    execute: () => actions.undoMove(),
  });
  commands.addCommand('catalog:deleted', {
    label: 'Deleted Scripts…',
    caption: 'View and restore deleted scripts',
    execute: () => actions.showDeleted(),
  });
  commands.addCommand('catalog:filter', {
    label: 'Filter the Catalog',
    execute: () => {
      app.shell.activateById(panel.id);
      panel.focusFilter();
    },
  });
  commands.addCommand('catalog:load-samples', {
    label: 'Load Samples',
    caption: 'Fill the empty catalog with sample scripts',
    isVisible: () => canEdit() && list.loaded && list.scripts.length === 0,
    isEnabled: () => canEdit() && list.loaded && list.scripts.length === 0,
    execute: () => actions.loadSamples(),
  });
  scripts.changed.connect(() => {
    for (const command of ['catalog:new', 'catalog:open', 'catalog:go-to-script']) commands.notifyCommandChanged(command);
  });
}

const inList = (command: string, keys: string) => ({ command, keys: [keys], selector: '.ved-Catalog-list' });

export const catalogSettings: SettingsSchema = {
  title: 'Catalog',
  description: 'The queue of scripts.',
  type: 'object',
  properties: {},
  additionalProperties: false,
  'jupyter.lab.shortcuts': [
    { command: 'catalog:go-to-script', keys: ['Accel P'], selector: 'body' },
    inList('catalog:move-up', 'Alt ArrowUp'),
    inList('catalog:move-down', 'Alt ArrowDown'),
    inList('catalog:undo-move', 'Accel Z'),
    inList('catalog:renumber', 'F2'),
    inList('catalog:delete', 'Delete'),
    inList('catalog:filter', '/'),
  ],
};
