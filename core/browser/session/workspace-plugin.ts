/** Provides `Workspace`: who is signed in, and warnings about unsaved work when the page is left. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { type Session, sessionRoutes } from '@ved/core/contract';
import type { VedPlugin } from '../app/ved-plugin.ts';
import { createClient } from '../client/api-client.ts';
import { forgetSignedIn } from '../page/session-hint.ts';
import { Workspace } from '../tokens.ts';

/** The plugin for this session; `flush` sends what the server does not have yet. */
export function workspacePlugin(session: Session, flush: (keepalive?: boolean) => Promise<void>): VedPlugin<Workspace> {
  return {
    id: '@ved/core:workspace',
    autoStart: true,
    provides: Workspace,
    activate: () => {
      const workspace = new SignedInWorkspace(session, flush);
      window.addEventListener('beforeunload', (event) => {
        if (workspace.hasUnsaved()) event.preventDefault();
      });
      window.addEventListener('pagehide', () => void flush(true));
      return workspace;
    },
  };
}

class SignedInWorkspace implements Workspace {
  private readonly checks = new Set<() => boolean>();
  private leaving = false;

  constructor(
    readonly session: Session,
    private readonly flush: () => Promise<void>,
  ) {}

  get canEdit(): boolean {
    return this.session.roles.includes('editor');
  }

  addUnsavedCheck(check: () => boolean): IDisposable {
    this.checks.add(check);
    return new DisposableDelegate(() => this.checks.delete(check));
  }

  hasUnsaved(): boolean {
    return !this.leaving && [...this.checks].some((check) => check());
  }

  async signOut(): Promise<void> {
    if (this.hasUnsaved() && !(await confirmLoss())) return;
    await this.flush();
    await createClient(sessionRoutes).logout();
    this.leaving = true;
    forgetSignedIn();
    window.location.assign('/login');
  }
}

async function confirmLoss(): Promise<boolean> {
  const { button } = await showDialog({
    title: 'Sign out without saving?',
    body: 'Some scripts have unsaved changes.',
    buttons: [Dialog.cancelButton({ label: 'Stay' }), Dialog.warnButton({ label: 'Sign out' })],
  });
  return button.accept;
}
