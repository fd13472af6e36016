/**
 * Converts between the language server protocol (lines and characters from 0)
 * and Monaco (from 1). Pure; Monaco's constants are written out, so that this
 * loads without it.
 */
import type * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';

/** `monaco.MarkerSeverity` by `lsp.DiagnosticSeverity`. */
const MARKER_SEVERITY = { 1: 8, 2: 4, 3: 2, 4: 1 } as const;

export function toLspPosition(position: monaco.IPosition): lsp.Position {
  return { line: position.lineNumber - 1, character: position.column - 1 };
}

export function toLspRange(range: monaco.IRange): lsp.Range {
  return {
    start: { line: range.startLineNumber - 1, character: range.startColumn - 1 },
    end: { line: range.endLineNumber - 1, character: range.endColumn - 1 },
  };
}

export function toRange(range: lsp.Range): monaco.IRange {
  return {
    startLineNumber: range.start.line + 1,
    startColumn: range.start.character + 1,
    endLineNumber: range.end.line + 1,
    endColumn: range.end.character + 1,
  };
}

export function toMarkdown(text: string | lsp.MarkupContent | undefined): monaco.IMarkdownString | undefined {
  if (text === undefined) return undefined;
  return { value: typeof text === 'string' ? text : text.value };
}

/** A hover's contents come in four shapes, three of them deprecated. */
export function hoverMarkdown(contents: lsp.Hover['contents']): monaco.IMarkdownString[] {
  return [contents].flat().map((part) => {
    if (typeof part === 'string') return { value: part };
    return 'kind' in part ? { value: part.value } : { value: `\`\`\`${part.language}\n${part.value}\n\`\`\`` };
  });
}

export function toTextEdit(edit: lsp.TextEdit): monaco.languages.TextEdit {
  return { range: toRange(edit.range), text: edit.newText };
}

/** A diagnostic as a marker; `parseUri` is Monaco's, for the link to the rule's documentation. */
export function toMarker(diagnostic: lsp.Diagnostic, parseUri: (uri: string) => monaco.Uri): monaco.editor.IMarkerData {
  const { code, codeDescription, message } = diagnostic;
  return {
    ...toRange(diagnostic.range),
    message: typeof message === 'string' ? message : message.value,
    severity: MARKER_SEVERITY[diagnostic.severity ?? 1] as monaco.MarkerSeverity,
    source: diagnostic.source,
    code: code !== undefined && codeDescription ? { value: String(code), target: parseUri(codeDescription.href) } : code?.toString(),
    tags: diagnostic.tags as monaco.MarkerTag[] | undefined,
  };
}

/** The edits of all files, in either of the protocol's two forms. Files are not created, renamed or removed. */
export function workspaceTextEdits(edit: lsp.WorkspaceEdit): { uri: string; edit: monaco.languages.TextEdit }[] {
  const files: [string, readonly lsp.TextEdit[]][] = edit.documentChanges
    ? edit.documentChanges.flatMap((change) => ('textDocument' in change ? [[change.textDocument.uri, plainEdits(change)]] : []))
    : Object.entries(edit.changes ?? {});
  return files.flatMap(([uri, edits]) => edits.map((one) => ({ uri, edit: toTextEdit(one) })));
}

function plainEdits(change: lsp.TextDocumentEdit): lsp.TextEdit[] {
  return change.edits.filter((edit): edit is lsp.TextEdit => 'newText' in edit);
}
