/**
 * Puts an editor into a tab: opens the document, creates its view, stores unsaved
 * text, and keeps title, notices and toolbar up to date. Everything is disposed
 * with the tab.
 */
import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import { reasonOf } from '@ved/core/browser';
import { isGone, newTarget, openDocument, ScriptDeleted } from '../documents/open-document.ts';
import type { ScriptClient } from '../documents/script-document.ts';
import { loadMonaco, type MonacoParts } from '../monaco-loader.ts';
import { UnsavedKeeper } from '../unsaved/unsaved-keeper.ts';
import type { UnsavedStore } from '../unsaved/unsaved-store.ts';
import type { NoticeActions } from './notice-actions.ts';
import { NoticeBar } from './notice-bar.tsx';
import { noticesOf } from './notices.ts';
import { OpenScript } from './open-script.ts';
import { deletedPane, errorPane } from './panes.tsx';
import type { SaveFlow } from './save-flow.ts';
import type { ScriptTab } from './script-tab.ts';
import { buildToolbar } from './script-toolbar.ts';
import type { ToolbarItems } from './toolbar-items.ts';

export interface TabFillerOptions {
  readonly client: ScriptClient;
  readonly unsaved: UnsavedStore;
  readonly canEdit: boolean;
  readonly username: string;
  readonly commands: CommandRegistry;
  readonly toolbarItems: ToolbarItems;
  readonly saveFlow: SaveFlow;
  readonly noticeActions: NoticeActions;
  readonly onStorageError: (error: unknown) => void;
  /** Shows a script that was never saved, by its key. */
  readonly showNew: (key: string) => void;
}

export class TabFiller {
  private readonly keepers = new WeakMap<ScriptTab, UnsavedKeeper>();

  constructor(private readonly options: TabFillerOptions) {}

  /** Throws why it could not be opened, after showing that in the tab. */
  async fill(tab: ScriptTab, initial?: string): Promise<OpenScript> {
    try {
      return await this.open(tab, initial);
    } catch (error) {
      this.showFailure(tab, error, () => {
        tab.showLoading();
        // Another failure is shown again.
        this.fill(tab, initial).catch(() => undefined);
      });
      throw error;
    }
  }

  private showFailure(tab: ScriptTab, error: unknown, retry: () => void): void {
    if (tab.isDisposed) return;
    if (error instanceof ScriptDeleted) tab.showError(this.gone(tab, error, retry));
    else if (isGone(error)) {
      // Such a tab is useless, and the layout would restore it.
      Notification.warning(`${tab.name} could not be opened. ${reasonOf(error)}`, { autoClose: 8000 });
      tab.dispose();
    } else tab.showError(errorPane(error, retry));
  }

  private gone(tab: ScriptTab, error: ScriptDeleted, retry: () => void): Widget {
    const { client, unsaved, showNew } = this.options;
    const id = tab.target.scriptId!;
    const orTell = (work: Promise<void>) =>
      void work.catch((reason: unknown) => Notification.error(reasonOf(reason), { autoClose: false }));
    return deletedPane(error.message, {
      restore: () => orTell(client.restoreScript({ params: { id }, body: {} }).then(retry)),
      openAsNew: () => {
        const { key } = newTarget();
        orTell(
          unsaved.rename(tab.target.key, key).then(() => {
            tab.dispose();
            showNew(key);
          }),
        );
      },
    });
  }

  /** The person discarded the unsaved text. */
  async discard(tab: ScriptTab): Promise<void> {
    await this.keepers.get(tab)?.discard();
  }

  private async open(tab: ScriptTab, initial?: string): Promise<OpenScript> {
    const { client, unsaved, canEdit, saveFlow, onStorageError } = this.options;
    // Load Monaco and the script in parallel.
    const [{ document, buffer, restoredFrom }, monaco] = await Promise.all([
      openDocument(tab.target, { client, unsaved, canEdit, onStorageError, createBuffer }, initial),
      loadMonaco(),
    ]);
    if (tab.isDisposed) {
      document.dispose();
      throw new Error('The tab was closed while the script was opening.');
    }
    const view = new monaco.CodeView(buffer, { readOnly: document.readOnly, label: 'Script' });
    const script = new OpenScript(document, view, () => saveFlow.save(document));
    if (!document.readOnly) this.keep(tab, script);
    this.showNotices(tab, script, restoredFrom);
    tab.showScript(script);
    buildToolbar(tab, this.options.toolbarItems, this.options.commands);
    return script;
  }

  private keep(tab: ScriptTab, { document }: OpenScript): void {
    const keeper = new UnsavedKeeper(document, this.options.unsaved, this.options.onStorageError);
    this.keepers.set(tab, keeper);
    tab.disposed.connect(() => keeper.dispose());
  }

  private showNotices(tab: ScriptTab, script: OpenScript, restoredFrom: Date | null): void {
    const { noticeActions, canEdit, username } = this.options;
    let restored = restoredFrom;
    const bar = new NoticeBar((action) => {
      if (action === 'dismiss' || action === 'discard') restored = null;
      noticeActions.run(action, script);
      show();
    });
    const show = () => bar.showNotices(noticesOf(script.document, { restoredFrom: restored, reason: reasonOf, canEdit, username }));
    tab.contentHeader.addWidget(bar);
    script.document.changed.connect(show);
    show();
  }
}

async function createBuffer(
  ...args: Parameters<MonacoParts['createScriptBuffer']>
): Promise<ReturnType<MonacoParts['createScriptBuffer']>> {
  return (await loadMonaco()).createScriptBuffer(...args);
}
