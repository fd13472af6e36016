/** The shell's layout: restored from the person's state, kept when it changes. */
import { ILabShell, ILayoutRestorer, LayoutRestorer } from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import type { VedPlugin } from '../app/ved-plugin.ts';

export const shellPlugin: VedPlugin<ILabShell> = {
  id: '@ved/core:shell',
  autoStart: true,
  provides: ILabShell,
  activate: (app) => app.shell as unknown as ILabShell,
};

export const layoutPlugin: VedPlugin<ILayoutRestorer> = {
  id: '@ved/core:layout',
  autoStart: true,
  requires: [IStateDB, ILabShell],
  provides: ILayoutRestorer,
  activate: (app, state: IStateDB, shell: ILabShell) => {
    const restorer = new LayoutRestorer({ connector: state, first: app.started, registry: app.commands, mode: 'multiple-document' });
    void keepLayout(shell, restorer);
    return restorer;
  },
};

async function keepLayout(shell: ILabShell, restorer: LayoutRestorer): Promise<void> {
  await shell.restoreLayout('multiple-document', restorer, { 'multiple-document': {}, 'single-document': {} });
  shell.layoutModified.connect(() => void restorer.save(shell.saveLayout()));
}
