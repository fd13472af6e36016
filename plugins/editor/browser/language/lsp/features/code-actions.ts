/** Quick fixes that are edits; the server's own commands are ignored. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { toLspRange } from '../convert.ts';
import { toWorkspaceEdit } from '../workspace-edit.ts';
import type { RegisterFeature } from './feature.ts';

export const registerCodeActions: RegisterFeature = (client, selector) => {
  if (!client.capabilities.codeActionProvider) return null;
  return monaco.languages.registerCodeActionProvider(selector, {
    async provideCodeActions(model, range, context, token) {
      const params: lsp.CodeActionParams = {
        textDocument: { uri: model.uri.toString() },
        range: toLspRange(range),
        context: { diagnostics: context.markers.map(toDiagnostic), only: context.only ? [context.only] : undefined },
      };
      const found = await client.request<(lsp.CodeAction | lsp.Command)[]>('textDocument/codeAction', params, token);
      const edits = (found ?? []).filter((action): action is lsp.CodeAction => 'edit' in action && action.edit !== undefined);
      return { actions: edits.map((action) => toAction(action, context.markers)), dispose: () => undefined };
    },
  });
};

function toDiagnostic(marker: monaco.editor.IMarkerData): lsp.Diagnostic {
  const code = typeof marker.code === 'object' ? marker.code.value : marker.code;
  return { range: toLspRange(marker), message: marker.message, source: marker.source, code };
}

function toAction(action: lsp.CodeAction, diagnostics: monaco.editor.IMarkerData[]): monaco.languages.CodeAction {
  return { title: action.title, kind: action.kind, isPreferred: action.isPreferred, diagnostics, edit: toWorkspaceEdit(action.edit!) };
}
