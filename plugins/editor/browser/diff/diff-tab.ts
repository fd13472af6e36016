/** Two texts side by side in their own tab. Showing the same id again replaces the tab. */
import type { ILabShell } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { caretDownIcon, caretUpIcon, Toolbar } from '@jupyterlab/ui-components';
import { StackedPanel, Widget } from '@lumino/widgets';
import { shownText } from '@ved/core/text';
import type { TextSide } from '../../contract/index.ts';
import { loadMonaco } from '../monaco-loader.ts';
import { ToolButton } from '../parts/tool-button.tsx';
import { errorPane, loadingPane } from '../tabs/panes.tsx';

export function showDiff(shell: ILabShell, id: string, left: TextSide, right: TextSide): void {
  const tabId = `ved-diff-${id}`;
  for (const widget of shell.widgets('main')) if (widget.id === tabId) widget.dispose();
  const tab = new DiffTab(left, right);
  tab.id = tabId;
  shell.add(tab, 'main');
  shell.activateById(tabId);
}

class DiffTab extends MainAreaWidget<StackedPanel> {
  private inline = false;

  constructor(
    private readonly left: TextSide,
    private readonly right: TextSide,
  ) {
    super({ content: new StackedPanel() });
    this.addClass('ved-DiffTab');
    this.title.label = `${left.title} ↔ ${right.title}`;
    this.title.caption = this.title.label;
    this.title.closable = true;
    this.node.dataset.vedDiff = '';
    this.content.addWidget(loadingPane());
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const { DiffView } = await loadMonaco();
      if (this.isDisposed) return;
      const view = new DiffView(this.left, this.right);
      this.showOnly(view);
      this.fillToolbar(view);
    } catch (error) {
      this.showOnly(errorPane(error, () => void this.load()));
    }
  }

  private showOnly(widget: Widget): void {
    for (const other of [...this.content.widgets]) other.dispose();
    this.content.addWidget(widget);
  }

  private fillToolbar(view: { setInline(inline: boolean): void; goToChange(direction: 'next' | 'previous'): void }): void {
    const { toolbar } = this;
    const titles = new Widget();
    titles.addClass('ved-DiffTab-titles');
    const { left, right } = this;
    const onlyEndingsDiffer = left.text !== right.text && shownText(left.text) === shownText(right.text);
    titles.node.textContent = `${left.title}  →  ${right.title}${onlyEndingsDiffer ? '  ·  only line endings differ' : ''}`;
    const layout: ToolButton = new ToolButton({
      ...OTHER_LAYOUT.inline,
      onClick: () => {
        this.inline = !this.inline;
        layout.change(this.inline ? OTHER_LAYOUT.sideBySide : OTHER_LAYOUT.inline);
        view.setInline(this.inline);
      },
    });
    toolbar.addItem('titles', titles);
    toolbar.addItem('spacer', Toolbar.createSpacerItem() as Widget);
    toolbar.addItem(
      'previous',
      changeButton('Previous change', caretUpIcon, () => view.goToChange('previous')),
    );
    toolbar.addItem(
      'next',
      changeButton('Next change', caretDownIcon, () => view.goToChange('next')),
    );
    toolbar.addItem('inline', layout);
  }
}

/** The button offers the layout that is not shown. */
const OTHER_LAYOUT = {
  inline: { label: 'Inline', tooltip: 'Show both texts in one column' },
  sideBySide: { label: 'Side by Side', tooltip: 'Show the texts side by side' },
};

function changeButton(tooltip: string, icon: typeof caretUpIcon, onClick: () => void): ToolButton {
  return new ToolButton({ icon, tooltip, onClick });
}
