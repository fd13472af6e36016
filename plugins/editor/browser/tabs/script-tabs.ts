/**
 * The open scripts: creates their tabs, finds them again, knows the current one.
 * Implements the contract's `Editors`; the rest (the documents) is internal to
 * this plugin.
 */
import type { ILabShell } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Editors, ReadOnlyText, ScriptEditor, TextSide } from '../../contract/index.ts';
import { type Conflict, showConflict } from '../conflict/conflict-tab.ts';
import { showDiff } from '../diff/diff-tab.ts';
import { isNewKey, newTarget, type ScriptTarget, savedTarget } from '../documents/open-document.ts';
import { showText } from '../text/text-tab.ts';
import { NoticeActions } from './notice-actions.ts';
import type { OpenScript } from './open-script.ts';
import { SaveFlow } from './save-flow.ts';
import { ScriptTab } from './script-tab.ts';
import { TabFiller, type TabFillerOptions } from './tab-filler.ts';
import { type ToolbarCommand, ToolbarItems } from './toolbar-items.ts';

export type ScriptTabsOptions = Omit<TabFillerOptions, 'toolbarItems' | 'saveFlow' | 'noticeActions' | 'showNew'> & {
  readonly shell: ILabShell;
};

/** Each is a frame with a toolbar; more make the page slow, and nobody finds anything among so many. */
const MAX_RESTORED = 200;

export class ScriptTabs implements Editors {
  readonly tracker = new WidgetTracker<ScriptTab>({ namespace: 'editor' });
  private readonly toolbarItems = new ToolbarItems();
  private readonly saveFlow = new SaveFlow(this);
  private readonly filler: TabFiller;
  private readonly filling = new WeakMap<ScriptTab, Promise<OpenScript>>();
  private readonly currentChangedSignal = new Signal<this, ScriptEditor | null>(this);
  private readonly scriptOpenedSignal = new Signal<this, ScriptTab>(this);
  private readonly openedSignal = new Signal<this, ScriptEditor>(this);

  constructor(private readonly options: ScriptTabsOptions) {
    const noticeActions = new NoticeActions(this.saveFlow, options.client, this);
    this.filler = new TabFiller({
      ...options,
      toolbarItems: this.toolbarItems,
      saveFlow: this.saveFlow,
      noticeActions,
      showNew: (key) => this.showNew(key),
    });
    this.tracker.currentChanged.connect(() => this.currentChangedSignal.emit(this.current));
  }

  get current(): OpenScript | null {
    return this.tracker.currentWidget?.script ?? null;
  }

  get currentChanged(): ISignal<this, ScriptEditor | null> {
    return this.currentChangedSignal;
  }

  get all(): readonly OpenScript[] {
    return this.tabs.flatMap((tab) => tab.script ?? []);
  }

  get tabs(): readonly ScriptTab[] {
    const tabs: ScriptTab[] = [];
    this.tracker.forEach((tab) => {
      tabs.push(tab);
    });
    return tabs;
  }

  /** Shows a tab, wherever it is, and focuses it unless `keepFocus`; a new one is added to the Main Area. */
  activate(tab: ScriptTab, keepFocus = false): void {
    const { shell } = this.options;
    if (tab.parent === null) shell.add(tab, 'main', { activate: false });
    if (keepFocus) tab.leaveFocusOnce();
    shell.activateById(tab.id);
  }

  /** A tab got its editor. */
  get scriptOpened(): ISignal<this, ScriptTab> {
    return this.scriptOpenedSignal;
  }

  get opened(): ISignal<this, ScriptEditor> {
    return this.openedSignal;
  }

  open(
    scriptId: number,
    { versionId, line, keepFocus }: { versionId?: number; line?: number; keepFocus?: boolean } = {},
  ): Promise<OpenScript> {
    const tab = this.tabOf(savedTarget(scriptId, versionId));
    this.activate(tab, keepFocus);
    return shown(
      this.filling.get(tab)!.then((script) => {
        if (line !== undefined) script.revealLine(line);
        return script;
      }),
    );
  }

  openNew(content?: string): Promise<OpenScript> {
    const tab = this.tabOf(newTarget(), content);
    this.activate(tab);
    return shown(this.filling.get(tab)!);
  }

  /** Restores tabs of new, never saved scripts that the layout lacks: nobody could find them otherwise. */
  async recoverNew(): Promise<void> {
    const { unsaved } = this.options;
    for (const name of await unsaved.documents()) {
      // Text of a saved script is restored when the script is opened.
      if (/^\d+$/.test(name)) continue;
      const target = newTarget(isNewKey(name) ? name : undefined);
      if (target.key !== name) await unsaved.rename(name, target.key);
      this.restoreTab(target, 'New script').need();
    }
  }

  /**
   * A tab that was open when the page was last closed. Its content is fetched when
   * the tab is shown, or when the page is idle.
   */
  restoreTab(target: ScriptTarget, title?: string): ScriptTab {
    const tab = this.findTab(target);
    if (!tab && this.tabs.length >= MAX_RESTORED) throw new Error(`Only ${MAX_RESTORED} tabs are restored.`);
    return tab ?? this.addTab(target, { title });
  }

  private showNew(key: string): void {
    this.activate(this.tabOf(newTarget(key)));
  }

  openDiff(id: string, left: TextSide, right: TextSide): void {
    showDiff(this.options.shell, id, left, right);
  }

  openText(id: string, text: ReadOnlyText): void {
    showText(this.options.shell, id, text);
  }

  resolveConflict(conflict: Conflict): Promise<boolean> {
    return showConflict(this.options.shell, conflict);
  }

  addToolbarCommand(item: ToolbarCommand): void {
    this.toolbarItems.add(item);
  }

  setVersionsCommand(command: string): void {
    this.toolbarItems.setVersionsCommand(command);
  }

  private tabOf(target: ScriptTarget, content?: string): ScriptTab {
    const tab = this.findTab(target) ?? this.addTab(target, { content });
    tab.need();
    return tab;
  }

  private findTab({ scriptId, versionId, key }: ScriptTarget): ScriptTab | undefined {
    return this.tracker.find(({ target }) =>
      scriptId === null ? target.key === key : target.scriptId === scriptId && target.versionId === versionId,
    );
  }

  private addTab(target: ScriptTarget, { content, title }: { content?: string; title?: string }): ScriptTab {
    const tab = new ScriptTab(target, (closing) => this.mayClose(closing), title);
    tab.scriptOpened.connect((_, script) => this.onOpened(tab, script));
    tab.disposed.connect(() => this.currentChangedSignal.emit(this.current));
    const filling = tab.needed.then(() => this.filler.fill(tab, content));
    // The tab itself shows a failure; the caller gets it too.
    filling.catch(() => undefined);
    this.filling.set(tab, filling);
    void this.tracker.add(tab);
    this.options.shell.add(tab, 'main', { activate: false });
    return tab;
  }

  private onOpened(tab: ScriptTab, script: OpenScript): void {
    this.filling.set(tab, Promise.resolve(script));
    script.changed.connect(() => this.followId(tab, script));
    this.scriptOpenedSignal.emit(tab);
    this.openedSignal.emit(script);
    void this.tracker.save(tab);
    requestIdleCallback(() => this.tabs.find((other) => !other.script)?.need());
    if (this.options.shell.currentWidget === tab && !tab.leftFocus && !document.activeElement?.closest('.jp-SideBar, .jp-SidePanel, input'))
      tab.activate();
    this.currentChangedSignal.emit(this.current);
  }

  /** A new script has an id from its first save on. */
  private followId(tab: ScriptTab, { scriptId }: OpenScript): void {
    if (scriptId === tab.target.scriptId) return;
    tab.setTarget({ ...tab.target, scriptId });
    void this.tracker.save(tab);
    if (tab.script === this.current) this.currentChangedSignal.emit(this.current);
  }

  private async mayClose(tab: ScriptTab): Promise<boolean> {
    const { script } = tab;
    if (!script?.dirty) return true;
    this.activate(tab);
    const answer = await this.saveFlow.askBeforeClosing(script.title);
    if (answer === 'discard') await this.filler.discard(tab);
    return answer === 'discard' || (answer === 'save' && (await script.save()));
  }
}

/** The tab or a notification already shows a failure, so an unhandled rejection is not an error. */
function shown<T>(opening: Promise<T>): Promise<T> {
  opening.catch(() => undefined);
  return opening;
}
