/** Renaming a name everywhere in a script. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { toRange } from '../convert.ts';
import { toWorkspaceEdit } from '../workspace-edit.ts';
import type { RegisterFeature } from './feature.ts';

type Prepared = lsp.Range | { range: lsp.Range; placeholder: string };

export const registerRename: RegisterFeature = (client, selector) => {
  if (!client.capabilities.renameProvider) return null;
  return monaco.languages.registerRenameProvider(selector, {
    async provideRenameEdits(model, position, newName, token) {
      const edit = await client.requestAt<lsp.WorkspaceEdit>('textDocument/rename', model, position, token, { newName });
      return toWorkspaceEdit(edit ?? {});
    },
    async resolveRenameLocation(model, position, token) {
      const found = await client.requestAt<Prepared>('textDocument/prepareRename', model, position, token);
      if (!found) return { range: monaco.Range.fromPositions(position), text: '', rejectReason: 'You cannot rename this.' };
      const range = toRange('range' in found ? found.range : found);
      return { range, text: model.getValueInRange(range) };
    },
  });
};
