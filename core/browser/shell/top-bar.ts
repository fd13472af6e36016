/** The two ends of the top bar: the name of the program, and the user menu. */
import { ILabShell } from '@jupyterlab/application';
import { MenuSvg } from '@jupyterlab/ui-components';
import { Menu, Widget } from '@lumino/widgets';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { changePassword } from '../session/password-dialog.ts';
import { Workspace } from '../tokens.ts';

export const topBarPlugin: VedPlugin<void> = {
  id: '@ved/core:top-bar',
  autoStart: true,
  requires: [ILabShell, Workspace],
  activate: (app, shell: ILabShell, workspace: Workspace) => {
    const { session, canEdit } = workspace;
    const role = canEdit ? 'editor' : 'viewer';
    app.commands.addCommand('workspace:who', { label: `${session.username} · ${role}`, isEnabled: () => false, execute: () => undefined });
    app.commands.addCommand('workspace:change-password', { label: 'Change Password…', execute: () => changePassword(session.username) });
    app.commands.addCommand('workspace:sign-out', { label: 'Sign Out', execute: () => workspace.signOut() });
    const menu = new Menu({ commands: app.commands, renderer: MenuSvg.defaultRenderer });
    menu.addItem({ command: 'workspace:who' });
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: 'workspace:change-password' });
    menu.addItem({ command: 'workspace:sign-out' });
    shell.add(nameWidget(), 'top', { rank: 0 });
    shell.add(userWidget(session.username, role, menu), 'top', { rank: 1000 });
  },
};

function nameWidget(): Widget {
  const widget = new Widget();
  widget.id = 'jp-MainLogo';
  widget.addClass('ved-Name');
  widget.node.textContent = 'ved';
  return widget;
}

function userWidget(username: string, role: string, menu: Menu): Widget {
  const widget = new Widget();
  widget.id = 'ved-user';
  widget.addClass('ved-User');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ved-User-button';
  button.title = `Signed in as ${username} (${role})`;
  button.setAttribute('aria-haspopup', 'menu');
  button.append(
    username,
    Object.assign(document.createElement('span'), { className: 'ved-User-caret', textContent: '▾', ariaHidden: 'true' }),
  );
  button.addEventListener('click', () => {
    const { right, bottom } = button.getBoundingClientRect();
    menu.open(right, bottom, { horizontalAlignment: 'right' });
  });
  widget.node.append(button);
  return widget;
}
