/** Types and documentation under the pointer. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { hoverMarkdown, toRange } from '../convert.ts';
import type { RegisterFeature } from './feature.ts';

export const registerHover: RegisterFeature = (client, selector) => {
  if (!client.capabilities.hoverProvider) return null;
  return monaco.languages.registerHoverProvider(selector, {
    async provideHover(model, position, token) {
      const hover = await client.requestAt<lsp.Hover>('textDocument/hover', model, position, token);
      return hover && { contents: hoverMarkdown(hover.contents), range: hover.range && toRange(hover.range) };
    },
  });
};
