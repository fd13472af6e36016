/**
 * A tab with one script: a frame that stands at once, and inside it what is
 * there by now: nothing, the reason why it could not be opened, or the editor.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { StackedPanel, type Widget } from '@lumino/widgets';
import type { ScriptTarget } from '../documents/open-document.ts';
import type { OpenScript } from './open-script.ts';
import { loadingPane } from './panes.tsx';

const LOADING = 'Loading…';

export class ScriptTab extends MainAreaWidget<StackedPanel> {
  private opened: OpenScript | null = null;
  private resolveNeeded: () => void = () => undefined;
  /** Resolves when somebody wants to see what is in it: the tab is shown, or `need` is called. */
  readonly needed = new Promise<void>((resolve) => {
    this.resolveNeeded = resolve;
  });
  private leavesFocus = false;
  private hasLeftFocus = false;
  private readonly openedSignal = new Signal<this, OpenScript>(this);

  /** `mayClose` is asked, and may ask the person, before the tab goes away; `title` stands until the script is there. */
  constructor(
    private shown: ScriptTarget,
    private readonly mayClose: (tab: ScriptTab) => Promise<boolean>,
    title = LOADING,
  ) {
    super({ content: new StackedPanel() });
    this.id = `ved-editor-${shown.key}`;
    this.addClass('ved-ScriptTab');
    this.title.closable = true;
    this.title.label = title;
    this.node.dataset.vedEditor = shown.key;
    this.toolbar.node.setAttribute('aria-label', 'Script');
    this.showOnly(loadingPane());
  }

  get target(): ScriptTarget {
    return this.shown;
  }

  /** Null until it could be opened. */
  get script(): OpenScript | null {
    return this.opened;
  }

  get scriptOpened() {
    return this.openedSignal;
  }

  /** The key stays: the model and the unsaved text are known by it. */
  setTarget(target: ScriptTarget): void {
    this.shown = target;
    if (target.scriptId !== null) this.node.dataset.vedScriptId = String(target.scriptId);
  }

  showScript(script: OpenScript): void {
    this.opened = script;
    this.setTarget({ ...this.shown, scriptId: script.scriptId });
    this.showOnly(script.view);
    this.openedSignal.emit(script);
  }

  need(): void {
    this.resolveNeeded();
  }

  /** The next time that it is activated the keyboard stays where it is, as in the catalog's list. */
  leaveFocusOnce(): void {
    this.leavesFocus = true;
  }

  /** Whether the keyboard stayed where it was when it was last activated. */
  get leftFocus(): boolean {
    return this.hasLeftFocus;
  }

  /** What it is called while it is not known more of it. */
  get name(): string {
    if (this.title.label !== LOADING) return this.title.label;
    return this.shown.scriptId === null ? 'New script' : `Script ${this.shown.scriptId}`;
  }

  /** The title stays that of the script: people look for it by its name. */
  showError(pane: Widget): void {
    this.title.label = this.name;
    this.showOnly(pane);
  }

  showLoading(): void {
    this.showOnly(loadingPane());
  }

  private showOnly(widget: Widget): void {
    for (const other of [...this.content.widgets]) other.dispose();
    this.content.addWidget(widget);
  }

  /** The first tab of a dock is shown from the beginning, and no message says so. */
  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) this.need();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.need();
  }

  protected override onActivateRequest(message: Message): void {
    this.hasLeftFocus = this.leavesFocus;
    this.leavesFocus = false;
    if (this.hasLeftFocus) {
      this.touchFocus();
      return;
    }
    super.onActivateRequest(message);
    this.opened?.view.activate();
  }

  /** Has the focus and gives it back: by that the workspace knows which tab was last in use. */
  private touchFocus(): void {
    const focused = document.activeElement;
    this.content.node.focus({ preventScroll: true });
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }

  protected override onCloseRequest(message: Message): void {
    void this.mayClose(this).then((may) => {
      if (may && !this.isDisposed) super.onCloseRequest(message);
    });
  }

  override dispose(): void {
    if (this.isDisposed) return;
    const script = this.opened;
    // Who asks while the tab goes away finds nothing in it.
    this.opened = null;
    super.dispose();
    script?.dispose();
    Signal.clearData(this);
  }
}
