/** Definitions, references, highlights and the outline. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { toRange } from '../convert.ts';
import type { RegisterFeature } from './feature.ts';

type Locations = lsp.Location | (lsp.Location | lsp.LocationLink)[];

/** Monaco looks at the target's model immediately, so `prepare` must have created it by then. */
export function definitionFeature(prepare: (uri: string) => Promise<void>): RegisterFeature {
  return (client, selector) => {
    if (!client.capabilities.definitionProvider) return null;
    return monaco.languages.registerDefinitionProvider(selector, {
      async provideDefinition(model, position, token) {
        const found = await client.requestAt<Locations>('textDocument/definition', model, position, token);
        const locations = [found ?? []].flat().map(toLocation);
        await Promise.all(locations.map(({ uri }) => prepare(uri.toString())));
        return locations;
      },
    });
  };
}

export const registerReferences: RegisterFeature = (client, selector) => {
  if (!client.capabilities.referencesProvider) return null;
  return monaco.languages.registerReferenceProvider(selector, {
    async provideReferences(model, position, context, token) {
      const found = await client.requestAt<lsp.Location[]>('textDocument/references', model, position, token, { context });
      // Only open files can be shown: references into stubs have no model.
      return (found ?? []).map(toLocation).filter(({ uri }) => monaco.editor.getModel(uri));
    },
  });
};

export const registerHighlights: RegisterFeature = (client, selector) => {
  if (!client.capabilities.documentHighlightProvider) return null;
  return monaco.languages.registerDocumentHighlightProvider(selector, {
    async provideDocumentHighlights(model, position, token) {
      const found = await client.requestAt<lsp.DocumentHighlight[]>('textDocument/documentHighlight', model, position, token);
      // The protocol counts the kinds from 1, Monaco from 0.
      return (found ?? []).map(({ range, kind }) => ({ range: toRange(range), kind: (kind ?? 1) - 1 }));
    },
  });
};

export const registerOutline: RegisterFeature = (client, selector) => {
  if (!client.capabilities.documentSymbolProvider) return null;
  return monaco.languages.registerDocumentSymbolProvider(selector, {
    async provideDocumentSymbols(model, token) {
      const params = { textDocument: { uri: model.uri.toString() } };
      const found = await client.request<lsp.DocumentSymbol[]>('textDocument/documentSymbol', params, token);
      return (found ?? []).map(toSymbol);
    },
  });
};

function toLocation(location: lsp.Location | lsp.LocationLink): monaco.languages.Location {
  return 'targetUri' in location
    ? { uri: monaco.Uri.parse(location.targetUri), range: toRange(location.targetSelectionRange) }
    : { uri: monaco.Uri.parse(location.uri), range: toRange(location.range) };
}

function toSymbol(symbol: lsp.DocumentSymbol): monaco.languages.DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail ?? '',
    kind: symbol.kind - 1,
    tags: symbol.tags ?? [],
    range: toRange(symbol.range),
    selectionRange: toRange(symbol.selectionRange),
    children: symbol.children?.map(toSymbol),
  };
}
