/** The three panes of a conflict in a tab, with the buttons that finish or cancel it. */
import type { ILabShell } from '@jupyterlab/application';
import { Dialog, MainAreaWidget, showDialog } from '@jupyterlab/apputils';
import { caretDownIcon, caretUpIcon, Toolbar } from '@jupyterlab/ui-components';
import { UUID } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { ConflictSides } from '@ved/core/text';
import { loadMonaco, type MonacoParts } from '../monaco-loader.ts';
import { ToolButton } from '../parts/tool-button.tsx';

type ConflictView = InstanceType<MonacoParts['ConflictView']>;

export interface Conflict extends ConflictSides {
  readonly title: string;
  /** Gets the result when the person is done; the tab stays open unless it was used. */
  use(result: string): Promise<boolean>;
}

/** Resolves with whether the result was used; false when the person cancels or closes the tab. Rejects when the editor could not be loaded. */
export async function showConflict(shell: ILabShell, conflict: Conflict): Promise<boolean> {
  const { ConflictView } = await loadMonaco();
  return new Promise((resolve) => {
    const tab = new ConflictTab(new ConflictView(conflict), conflict, resolve);
    shell.add(tab, 'main');
    shell.activateById(tab.id);
    tab.content.goToFirst();
  });
}

class ConflictTab extends MainAreaWidget<ConflictView> {
  private readonly count = new Widget();
  private isFinishing = false;

  /** `settle` may be called more than once; the first call counts. */
  constructor(
    content: ConflictView,
    private readonly conflict: Conflict,
    private readonly settle: (used: boolean) => void,
  ) {
    super({ content });
    this.id = `ved-conflict-${UUID.uuid4()}`;
    this.addClass('ved-ConflictTab');
    this.title.label = conflict.title;
    this.title.closable = true;
    this.node.dataset.vedConflict = '';
    this.count.addClass('ved-ConflictTab-count');
    this.fillToolbar();
    content.conflictsChanged.connect(() => this.showCount());
    this.showCount();
  }

  private fillToolbar(): void {
    const { toolbar, content } = this;
    const previous = new ToolButton({
      icon: caretUpIcon,
      tooltip: 'Previous conflict',
      onClick: () => content.goToConflict('previous'),
    });
    const next = new ToolButton({ icon: caretDownIcon, tooltip: 'Next conflict', onClick: () => content.goToConflict('next') });
    toolbar.addItem('count', this.count);
    toolbar.addItem('previous', previous);
    toolbar.addItem('next', next);
    toolbar.addItem('spacer', Toolbar.createSpacerItem() as Widget);
    toolbar.addItem('give-up', new ToolButton({ label: 'Cancel', tooltip: 'Close without merging', onClick: () => this.close() }));
    toolbar.addItem('finish', new ToolButton({ label: 'Use Result', className: 'ved-mod-primary', onClick: () => void this.finish() }));
  }

  private showCount(): void {
    const { undecided } = this.content;
    this.count.node.textContent = undecided === 0 ? 'All resolved' : `${undecided} unresolved`;
    this.node.dataset.vedUndecided = String(undecided);
  }

  private async finish(): Promise<void> {
    if (this.isFinishing) return;
    this.isFinishing = true;
    try {
      if (this.content.undecided > 0 && !(await confirmMarkers(this.content.undecided))) return;
      if (!(await this.conflict.use(this.content.text))) return;
      this.settle(true);
      this.dispose();
    } finally {
      this.isFinishing = false;
    }
  }

  protected override onCloseRequest(message: Message): void {
    this.settle(false);
    super.onCloseRequest(message);
  }

  override dispose(): void {
    this.settle(false);
    super.dispose();
  }
}

async function confirmMarkers(undecided: number): Promise<boolean> {
  const { button } = await showDialog({
    title: 'Use the result with conflict markers?',
    body: `${undecided === 1 ? 'One conflict is' : `${undecided} conflicts are`} unresolved. The markers would stay in the script, and it would not be valid Python.`,
    buttons: [Dialog.cancelButton({ label: 'Keep resolving' }), Dialog.warnButton({ label: 'Use anyway' })],
  });
  return button.accept;
}
