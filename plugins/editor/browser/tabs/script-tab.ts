/**
 * A tab with one script. The frame appears immediately; inside it is a loading
 * message, the reason why the script could not be opened, or the editor.
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
  /** Resolves when the content is needed: the tab is shown, or `need` is called. */
  readonly needed = new Promise<void>((resolve) => {
    this.resolveNeeded = resolve;
  });
  private leavesFocus = false;
  private hasLeftFocus = false;
  private readonly openedSignal = new Signal<this, OpenScript>(this);

  /** `mayClose` is called before the tab closes and may ask the person; `title` is shown until the script is loaded. */
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

  /** Null until it is open. */
  get script(): OpenScript | null {
    return this.opened;
  }

  get scriptOpened() {
    return this.openedSignal;
  }

  /** The key does not change: it identifies the model and the unsaved text. */
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

  /** The next activation does not move the keyboard focus, for example away from the catalog's list. */
  leaveFocusOnce(): void {
    this.leavesFocus = true;
  }

  /** Whether the last activation left the focus where it was. */
  get leftFocus(): boolean {
    return this.hasLeftFocus;
  }

  /** The title until the script's name is known. */
  get name(): string {
    if (this.title.label !== LOADING) return this.title.label;
    return this.shown.scriptId === null ? 'New script' : `Script ${this.shown.scriptId}`;
  }

  /** The title does not change: people look for the script by its name. */
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

  /** The first tab of a dock is visible from the start, without a message. */
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

  /** Takes the focus and gives it back, so that the workspace knows which tab was last used. */
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
    // Callers during disposal find no script.
    this.opened = null;
    super.dispose();
    script?.dispose();
    Signal.clearData(this);
  }
}
