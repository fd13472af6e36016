/** Restores open tabs with the layout. */
import type { ILayoutRestorer } from '@jupyterlab/application';
import type { CommandRegistry } from '@lumino/commands';
import { isNewKey, layoutName, type ScriptTarget, savedTarget } from '../documents/open-document.ts';
import type { ScriptTabs } from './script-tabs.ts';

const RESTORE = 'editor:restore';
/** A tab shows no more of a name. */
const MAX_TITLE = 200;

export function keepInLayout(tabs: ScriptTabs, restorer: ILayoutRestorer, commands: CommandRegistry): void {
  // Resolves as soon as the tab exists: the layout does not wait for its content.
  commands.addCommand(RESTORE, { isVisible: () => false, execute: (args) => tabs.restoreTab(targetOf(args), titleOf(args)) });
  void restorer.restore(tabs.tracker, {
    command: RESTORE,
    args: ({ target, title }) => ({ ...target, title: title.label.slice(0, MAX_TITLE) }),
    name: ({ target }) => layoutName(target),
  });
}

/** Throws for an invalid target, which makes the restorer forget it. A script that was new when its tab was opened is identified by its id once it has one. */
function targetOf({ scriptId, versionId, key }: { readonly [key: string]: unknown }): ScriptTarget {
  if (isId(scriptId)) return savedTarget(scriptId, isId(versionId) ? versionId : null);
  if (scriptId === null && isNewKey(key)) return { scriptId, versionId: null, key };
  throw new Error('The layout contains an invalid script.');
}

function titleOf({ title }: { readonly [key: string]: unknown }): string | undefined {
  return typeof title === 'string' && title !== '' ? title.slice(0, MAX_TITLE) : undefined;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
