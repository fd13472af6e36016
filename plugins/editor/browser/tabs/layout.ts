/** Open tabs come back with the layout. */
import type { ILayoutRestorer } from '@jupyterlab/application';
import type { CommandRegistry } from '@lumino/commands';
import { type ScriptTarget, savedTarget } from '../documents/open-document.ts';
import type { ScriptTabs } from './script-tabs.ts';

const RESTORE = 'editor:restore';

export function keepInLayout(tabs: ScriptTabs, restorer: ILayoutRestorer, commands: CommandRegistry): void {
  // Ends as soon as the tab is there: the layout does not wait for what is in it.
  commands.addCommand(RESTORE, { isVisible: () => false, execute: (args) => tabs.restoreTab(targetOf(args), String(args.title)) });
  void restorer.restore(tabs.tracker, {
    command: RESTORE,
    args: ({ target, title }) => ({ ...target, title: title.label }),
    name: ({ target }) => target.key,
  });
}

/** A script that was new when its tab was opened is known by its id from then on. */
function targetOf(args: { readonly [key: string]: unknown }): ScriptTarget {
  const { scriptId, versionId, key } = args as unknown as ScriptTarget;
  return scriptId === null ? { scriptId, versionId: null, key } : savedTarget(scriptId, versionId);
}
