/** Completion, with documentation and import edits fetched for the selected item. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { toMarkdown, toRange, toTextEdit } from '../convert.ts';
import type { RegisterFeature } from './feature.ts';

type Item = monaco.languages.CompletionItem & { readonly source?: lsp.CompletionItem };

const Kind = monaco.languages.CompletionItemKind;
/** By `lsp.CompletionItemKind`, which counts from 1 in this order. */
const KINDS = [
  Kind.Text,
  Kind.Method,
  Kind.Function,
  Kind.Constructor,
  Kind.Field,
  Kind.Variable,
  Kind.Class,
  Kind.Interface,
  Kind.Module,
  Kind.Property,
  Kind.Unit,
  Kind.Value,
  Kind.Enum,
  Kind.Keyword,
  Kind.Snippet,
  Kind.Color,
  Kind.File,
  Kind.Reference,
  Kind.Folder,
  Kind.EnumMember,
  Kind.Constant,
  Kind.Struct,
  Kind.Event,
  Kind.Operator,
  Kind.TypeParameter,
];
const SNIPPET_FORMAT = 2;

export const registerCompletion: RegisterFeature = (client, selector) => {
  const offered = client.capabilities.completionProvider;
  if (!offered) return null;
  return monaco.languages.registerCompletionItemProvider(selector, {
    triggerCharacters: offered.triggerCharacters,
    async provideCompletionItems(model, position, context, token) {
      const answer = await client.requestAt<lsp.CompletionList | lsp.CompletionItem[]>('textDocument/completion', model, position, token, {
        context: { triggerKind: context.triggerKind + 1, triggerCharacter: context.triggerCharacter },
      });
      const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
      const range = wordRange(model, position);
      return {
        incomplete: !Array.isArray(answer) && answer?.isIncomplete,
        suggestions: items.map((item) => toItem(item, range)),
      };
    },
    async resolveCompletionItem(item: Item, token) {
      if (!item.source || !offered.resolveProvider) return item;
      const full = await client.request<lsp.CompletionItem>('completionItem/resolve', item.source, token);
      if (!full) return item;
      return {
        ...item,
        detail: full.detail,
        documentation: toMarkdown(full.documentation),
        additionalTextEdits: full.additionalTextEdits?.map(toTextEdit),
      };
    },
  });
};

function wordRange(model: monaco.editor.ITextModel, { lineNumber, column }: monaco.IPosition): monaco.IRange {
  const { startColumn } = model.getWordUntilPosition({ lineNumber, column });
  return { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn, endColumn: column };
}

function toItem(item: lsp.CompletionItem, word: monaco.IRange): Item {
  return {
    source: item,
    label: item.labelDetails ? { label: item.label, ...item.labelDetails } : item.label,
    kind: KINDS[(item.kind ?? 1) - 1] ?? Kind.Text,
    range: targetRange(item.textEdit, word),
    insertText: item.textEdit?.newText ?? item.insertText ?? item.label,
    insertTextRules: item.insertTextFormat === SNIPPET_FORMAT ? monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet : undefined,
    sortText: item.sortText,
    filterText: item.filterText,
    preselect: item.preselect,
    detail: item.detail,
    documentation: toMarkdown(item.documentation),
    commitCharacters: item.commitCharacters,
    tags: item.tags as monaco.languages.CompletionItemTag[] | undefined,
    additionalTextEdits: item.additionalTextEdits?.map(toTextEdit),
  };
}

function targetRange(edit: lsp.CompletionItem['textEdit'], word: monaco.IRange): Item['range'] {
  if (!edit) return word;
  return 'range' in edit ? toRange(edit.range) : { insert: toRange(edit.insert), replace: toRange(edit.replace) };
}
