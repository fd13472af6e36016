/** When the session is lost, asks the user to sign in over the workspace; calls that were waiting for it then continue. */
import { ILabShell } from '@jupyterlab/application';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { recoverSession, setSessionRecovery } from '../client/session-recovery.ts';
import type { LiveEventConnection } from '../live/live-events.ts';
import { onSignedInElsewhere } from '../page/session-hint.ts';
import { askToSignInAgain } from '../page/sign-in-dialog.ts';
import { LiveEvents, Workspace } from '../tokens.ts';

export const lostSessionPlugin: VedPlugin<void> = {
  id: '@ved/core:lost-session',
  autoStart: true,
  requires: [Workspace, LiveEvents, ILabShell],
  activate: (_app, workspace: Workspace, connection: LiveEventConnection, shell: ILabShell) => {
    const { username } = workspace.session;
    setSessionRecovery(async () => {
      connection.sessionLost();
      await askToSignInAgain(username);
      connection.sessionFound();
      shell.currentWidget?.activate();
    });
    // Tabs share the cookie: signing in or out in another tab affects this one.
    onSignedInElsewhere((name) => {
      if (name !== username) void recoverSession();
    });
  },
};
