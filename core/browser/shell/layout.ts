/** The shell's layout: restored from the person's state, saved when it changes, and reset. */
import { ILabShell, ILayoutRestorer, type LayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { PatientRestorer } from './patient-restorer.ts';
import { atWidth } from './side-widths.ts';

/** The restorer's key in the state database; its own constant is not exported. */
const layoutKey = 'layout-restorer:data';
/** The width of the shell when the layout was saved. */
const widthKey = 'workspace:layout-width';

const resetLayoutCommand = 'workspace:reset-layout';

export const shellPlugin: VedPlugin<ILabShell> = {
  id: '@ved/core:shell',
  autoStart: true,
  provides: ILabShell,
  activate: (app) => app.shell as unknown as ILabShell,
};

/** `flush` sends the state that the server does not have yet. */
export function layoutPlugin(flush: () => Promise<void>): VedPlugin<ILayoutRestorer> {
  return {
    id: '@ved/core:layout',
    autoStart: true,
    requires: [IStateDB, ILabShell, ICommandPalette],
    provides: ILayoutRestorer,
    activate: (app, state: IStateDB, shell: ILabShell, palette: ICommandPalette) => {
      const restorer = new PatientRestorer({ connector: state, first: app.started, registry: app.commands, mode: 'multiple-document' });
      const save = () => {
        void restorer.save(shell.saveLayout());
        void state.save(widthKey, shell.node.clientWidth);
      };
      shell.updateConfig({ dockPanelPadding: false });
      void restoreLayout(shell, restorer, state).then(() => {
        shell.layoutModified.connect(save);
        restorer.renamed.connect(save);
      });
      app.commands.addCommand(resetLayoutCommand, {
        label: 'Reset Layout',
        execute: async () => {
          shell.layoutModified.disconnect(save);
          restorer.renamed.disconnect(save);
          await state.remove(layoutKey);
          await flush();
          window.location.reload();
        },
      });
      palette.addItem({ command: resetLayoutCommand, category: 'View' });
      return restorer;
    },
  };
}

async function restoreLayout(shell: ILabShell, restorer: PatientRestorer, state: IStateDB): Promise<void> {
  let startsOver = !isLayout(await state.fetch(layoutKey));
  const thenPx = (await state.fetch(widthKey)) as number | undefined;
  const restore = (fetch: LayoutRestorer['fetch']) =>
    shell.restoreLayout('multiple-document', Object.create(restorer, { fetch: { value: fetch } }), {
      'multiple-document': {},
      'single-document': {},
    });
  try {
    await restore(async () => atWidth(await restorer.fetch(), thenPx, shell.node.clientWidth));
  } catch (error) {
    startsOver = true;
    await restore(async () => ({ ...(await restorer.fetch()), ...NO_AREAS }));
    Notification.warning(`The saved layout could not be restored, so every tab is in its default area. ${String(error)}`, {
      autoClose: false,
    });
  }
  // The dock detaches widgets that its layout does not contain; without this, nothing could show them.
  for (const widget of restorer.strays) shell.add(widget, 'main', { activate: false });
  if (startsOver && !shell.isEmpty('left')) shell.expandLeft();
}

const NO_AREAS = { mainArea: null, downArea: null, leftArea: null, rightArea: null, relativeSizes: null };

/** Whether the stored value is a layout; anything else counts as the first visit. */
function isLayout(stored: unknown): boolean {
  return typeof stored === 'object' && stored !== null && 'main' in stored && 'left' in stored;
}
