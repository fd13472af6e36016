/** The open scripts: their tabs, restored from the layout and the address bar, and the question before the page is closed. */
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { catalogRoutes, Scripts } from '@ved/catalog/contract';
import { createClient, LiveEvents, PageAddress, reasonOf, type VedPlugin, Workspace } from '@ved/core/browser';
import { Editors } from '../../contract/index.ts';
import { loadMonaco } from '../monaco-loader.ts';
import { followAddress, isScriptPath } from '../tabs/address.ts';
import { followOthers } from '../tabs/follow-others.ts';
import { keepInLayout } from '../tabs/layout.ts';
import { TabsAsOpener } from '../tabs/script-opener.ts';
import { ScriptTabs as Tabs } from '../tabs/script-tabs.ts';
import { PageIdentity, ScriptTabs } from '../tokens.ts';
import { claimPageIdentity } from '../unsaved/page-identity.ts';
import { UnsavedStore } from '../unsaved/unsaved-store.ts';

export const pageIdentityPlugin: VedPlugin<PageIdentity> = {
  id: '@ved/editor:page-identity',
  autoStart: true,
  provides: PageIdentity,
  activate: () => claimPageIdentity(),
};

export const tabsPlugin: VedPlugin<ScriptTabs> = {
  id: '@ved/editor:tabs',
  autoStart: true,
  requires: [ILabShell, ILayoutRestorer, Workspace, LiveEvents, PageAddress, PageIdentity],
  provides: ScriptTabs,
  prepare: (path) => {
    if (isScriptPath(path)) loadMonaco().catch(() => undefined);
  },
  activate: (
    app,
    shell: ILabShell,
    restorer: ILayoutRestorer,
    workspace: Workspace,
    events: LiveEvents,
    address: PageAddress,
    page: PageIdentity,
  ) => {
    const { canEdit, session } = workspace;
    const onStorageError = warnOnce();
    const tabs = new Tabs({
      shell,
      commands: app.commands,
      client: createClient(catalogRoutes),
      unsaved: new UnsavedStore(session.username, page),
      canEdit,
      username: session.username,
      onStorageError,
    });
    keepInLayout(tabs, restorer, app.commands);
    const recovered = app.restored.then(() => (canEdit ? tabs.recoverNew() : undefined)).catch(onStorageError);
    followAddress(tabs, address, { restored: app.restored, recovered, canEdit });
    followOthers(tabs, events, session.username);
    workspace.addUnsavedCheck(() => tabs.all.some(({ dirty }) => dirty));
    tabs.addToolbarCommand({ command: 'editor:save', rank: 10 });
    tabs.addToolbarCommand({ command: 'editor:show-test-data', rank: 60, overflow: true });
    return tabs;
  },
};

/** The same tabs, as other plugins see them. */
export const editorsPlugin: VedPlugin<Editors> = {
  id: '@ved/editor:editors',
  autoStart: true,
  requires: [ScriptTabs, Scripts],
  provides: Editors,
  activate: (_app, tabs: ScriptTabs, scripts: Scripts) => {
    scripts.setOpener(new TabsAsOpener(tabs));
    scripts.scriptCommands.forEach((command, index) => {
      tabs.addToolbarCommand({ command, rank: 70 + index, overflow: true });
    });
    return tabs;
  },
};

/** Without storage (full, or blocked) the warning would appear at every key. */
function warnOnce(): (error: unknown) => void {
  let warned = false;
  return (error) => {
    if (warned) return;
    warned = true;
    Notification.warning(`This browser cannot store unsaved text, so save often. ${reasonOf(error)}`, { autoClose: false });
  };
}
