/** The versions commands. A list: what they do is in `version-actions.ts` and `merge/`. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { historyIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Catalog, Scripts } from '@ved/catalog/contract';
import type { Versions } from '@ved/versions/contract';
import type { VersionActions } from './version-actions.ts';

export interface CommandParts {
  readonly app: JupyterFrontEnd;
  readonly scripts: Scripts;
  readonly catalog: Catalog;
  readonly versions: Versions;
  readonly actions: VersionActions;
  readonly canEdit: boolean;
}

/** Shown in the palette in this order. */
export const PALETTE_COMMANDS = ['versions:merge-to-prod', 'versions:unpublish', 'versions:show-history', 'versions:compare'];

export function addCommands({ app, scripts, catalog, versions, actions, canEdit }: CommandParts): void {
  const { commands } = app;
  const scriptOf = (args: ReadonlyPartialJSONObject) => scripts.of(args);

  commands.addCommand('versions:merge-to-prod', {
    label: (args) => (args.toolbar ? 'Merge' : 'Merge to Prod…'),
    caption: 'Make prod run this version',
    isVisible: () => canEdit,
    isEnabled: (args) => canEdit && (args.inCatalog === true || scriptOf(args) !== null),
    execute: async (args) => {
      const scriptId = scriptOf(args);
      if (scriptId !== null) await versions.mergeToProd(scriptId);
    },
  });
  commands.addCommand('versions:unpublish', {
    label: 'Take off Prod…',
    caption: 'Stop running this script on prod until it is merged again',
    isVisible: () => canEdit,
    isEnabled: (args) => {
      const scriptId = scriptOf(args);
      return canEdit && scriptId !== null && !!catalog.find(scriptId)?.prod_version;
    },
    execute: async (args) => {
      const scriptId = scriptOf(args);
      if (scriptId !== null) await actions.unpublish(scriptId);
    },
  });
  commands.addCommand('versions:show-history', {
    label: 'Show History',
    caption: 'The versions of this script',
    icon: historyIcon,
    isEnabled: (args) => args.inCatalog === true || scriptOf(args) !== null,
    execute: (args) => {
      const scriptId = scriptOf(args);
      if (scriptId !== null) versions.openHistory(scriptId);
    },
  });
  commands.addCommand('versions:compare', {
    label: 'Compare with Prod',
    caption: 'The newest version next to what prod runs',
    isEnabled: (args) => {
      const scriptId = scriptOf(args);
      return scriptId !== null && !!catalog.find(scriptId)?.prod_version;
    },
    execute: async (args) => {
      const scriptId = scriptOf(args);
      if (scriptId !== null) await actions.compare(scriptId, { side: 'prod', title: 'on prod' }, { side: 'draft', title: 'newest' });
    },
  });
}
