/** One read-only text in its own tab. Showing the same id again activates its tab: the text of an id never changes. */
import type { ILabShell } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { StackedPanel, type Widget } from '@lumino/widgets';
import type { ReadOnlyText } from '../../contract/index.ts';
import { loadMonaco } from '../monaco-loader.ts';
import { errorPane, loadingPane } from '../tabs/panes.tsx';

export function showText(shell: ILabShell, id: string, text: ReadOnlyText): void {
  const tabId = `ved-text-${id}`;
  if (![...shell.widgets('main')].some((widget) => widget.id === tabId)) {
    const tab = new TextTab(text);
    tab.id = tabId;
    shell.add(tab, 'main');
  }
  shell.activateById(tabId);
}

class TextTab extends MainAreaWidget<StackedPanel> {
  private release: () => void = () => undefined;

  constructor(private readonly text: ReadOnlyText) {
    super({ content: new StackedPanel() });
    this.title.label = text.title;
    this.title.caption = `${text.title}, read-only`;
    this.title.closable = true;
    this.node.dataset.vedText = text.title;
    this.content.addWidget(loadingPane());
    void this.load();
  }

  override dispose(): void {
    super.dispose();
    this.release();
  }

  private async load(): Promise<void> {
    try {
      const { CodeView, createTextBuffer } = await loadMonaco();
      if (this.isDisposed) return;
      const { title, text, isPython } = this.text;
      const buffer = createTextBuffer(text, isPython ? 'python' : 'plaintext');
      this.release = () => buffer.dispose();
      this.showOnly(new CodeView(buffer, { readOnly: true, label: title }));
    } catch (error) {
      this.showOnly(errorPane(error, () => void this.load()));
    }
  }

  private showOnly(widget: Widget): void {
    for (const other of [...this.content.widgets]) other.dispose();
    this.content.addWidget(widget);
  }
}
