/** The server's edits to files: converted for Monaco, and applied to open models. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { workspaceTextEdits } from './convert.ts';

export function toWorkspaceEdit(edit: lsp.WorkspaceEdit): monaco.languages.WorkspaceEdit {
  return {
    edits: workspaceTextEdits(edit).map(({ uri, edit: textEdit }) => ({
      resource: monaco.Uri.parse(uri),
      versionId: undefined,
      textEdit,
    })),
  };
}

/** As one undo step per model; files that are not open are left alone. */
export function applyWorkspaceEdit(edit: lsp.WorkspaceEdit): void {
  const edits = workspaceTextEdits(edit);
  for (const uri of new Set(edits.map((one) => one.uri))) {
    const model = monaco.editor.getModel(monaco.Uri.parse(uri));
    const own = edits.filter((one) => one.uri === uri).map((one) => one.edit);
    model?.pushStackElement();
    model?.pushEditOperations([], own, () => null);
    model?.pushStackElement();
  }
}
