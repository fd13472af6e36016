/** A stub of Python's library that a definition is in, read-only, in a tab. */
import type { ILabShell } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { MonacoParts } from '../monaco-loader.ts';

type CodeView = InstanceType<MonacoParts['CodeView']>;

/** Shows the line, in the tab that already has the file if there is one. The language service has created its model. */
export function showStub(shell: ILabShell, { CodeView, findBuffer }: MonacoParts, uri: string, line: number): void {
  const id = `ved-stub-${uri}`;
  const buffer = findBuffer(uri);
  if (!buffer) return;
  let tab = [...shell.widgets('main')].find((widget) => widget.id === id) as MainAreaWidget<CodeView> | undefined;
  if (!tab) {
    const name = shortName(uri);
    tab = new MainAreaWidget({ content: new CodeView(buffer, { readOnly: true, label: name }) });
    tab.id = id;
    tab.title.label = name;
    tab.title.caption = `${name}: a stub of Python's library, read-only`;
    tab.title.closable = true;
    tab.node.dataset.vedStub = name;
    shell.add(tab, 'main');
  }
  shell.activateById(id);
  tab.content.revealLine(line);
}

/** `file:///pyright/typeshed-fallback/stdlib/os/__init__.pyi` → `os/__init__.pyi`. */
function shortName(uri: string): string {
  return decodeURIComponent(uri).replace(/^.*\/stdlib\//, '');
}
