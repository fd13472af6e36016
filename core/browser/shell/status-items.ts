/** Core's items in the status bar: the connection, and "read only" for those who may not write. */
import { IStatusBar } from '@jupyterlab/statusbar';
import { Widget } from '@lumino/widgets';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { type ConnectionState, LiveEvents, Workspace } from '../tokens.ts';

const connectionTexts: Record<ConnectionState, { text: string; title: string }> = {
  online: { text: 'online', title: 'Connected: changes by others appear immediately' },
  offline: { text: 'offline', title: 'The server cannot be reached; what you type is not lost' },
  'signed-out': { text: 'signed out', title: 'The session has ended; sign in again to continue' },
};

export const statusItemsPlugin: VedPlugin<void> = {
  id: '@ved/core:status-items',
  autoStart: true,
  requires: [IStatusBar, LiveEvents, Workspace],
  activate: (_app, statusBar: IStatusBar, events: LiveEvents, workspace: Workspace) => {
    const connection = statusText();
    const show = (state: ConnectionState) => {
      const { text, title } = connectionTexts[state];
      connection.node.textContent = text;
      connection.node.title = title;
      connection.node.dataset.state = state;
    };
    show(events.state);
    events.stateChanged.connect((_, state) => show(state));
    statusBar.registerStatusItem('@ved/core:connection', { item: connection, align: 'right', rank: 1000 });
    if (workspace.canEdit) return;
    const readOnly = statusText();
    readOnly.node.textContent = 'read only';
    readOnly.node.title = `${workspace.session.username} is a viewer and can read everything but change nothing`;
    statusBar.registerStatusItem('@ved/core:read-only', { item: readOnly, align: 'right', rank: 900 });
  },
};

function statusText(): Widget {
  const widget = new Widget({ node: document.createElement('span') });
  widget.addClass('ved-StatusText');
  return widget;
}
