/** Conversions between the language server protocol and Monaco. */
import { expect } from 'chai';
import type { Uri } from 'monaco-editor/editor';
import { hoverMarkdown, toLspPosition, toLspRange, toMarker, toRange, workspaceTextEdits } from '../browser/language/lsp/convert.ts';

const range = { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } };
const monacoRange = { startLineNumber: 3, startColumn: 5, endLineNumber: 3, endColumn: 10 };
const parseUri = (uri: string) => ({ toString: () => uri }) as Uri;

describe('positions and ranges', () => {
  it('count from 0 in the protocol and from 1 in Monaco', () => {
    expect(toLspPosition({ lineNumber: 3, column: 5 })).to.deep.equal(range.start);
    expect(toRange(range)).to.deep.equal(monacoRange);
    expect(toLspRange(monacoRange)).to.deep.equal(range);
  });
});

describe('a diagnostic', () => {
  it('becomes a marker of the same severity, with a link to its rule', () => {
    const marker = toMarker(
      { range, message: 'wrong', severity: 2, code: 'reportX', codeDescription: { href: 'https://example.org/x' }, source: 'Pyright' },
      parseUri,
    );
    expect(marker).to.include({ ...monacoRange, message: 'wrong', severity: 4, source: 'Pyright' });
    expect(marker.code).to.have.property('value', 'reportX');
  });

  it('is an error without a severity, and has a plain code without a link', () => {
    expect(toMarker({ range, message: 'wrong', code: 7 }, parseUri)).to.include({ severity: 8, code: '7' });
    expect(toMarker({ range, message: 'wrong' }, parseUri).code).to.equal(undefined);
  });
});

describe("a hover's contents", () => {
  it('are accepted in all of their shapes', () => {
    expect(hoverMarkdown({ kind: 'markdown', value: '**a**' })).to.deep.equal([{ value: '**a**' }]);
    expect(hoverMarkdown(['a', { language: 'python', value: 'b' }])).to.deep.equal([{ value: 'a' }, { value: '```python\nb\n```' }]);
  });
});

describe('a workspace edit', () => {
  const edits = [{ range, newText: 'y' }];

  it('is accepted in both of its forms, and does not delete files', () => {
    const expected = [{ uri: 'file:///scripts/1.py', edit: { range: monacoRange, text: 'y' } }];
    expect(workspaceTextEdits({ changes: { 'file:///scripts/1.py': edits } })).to.deep.equal(expected);
    const documentChanges = [
      { textDocument: { uri: 'file:///scripts/1.py', version: 1 }, edits },
      { kind: 'delete' as const, uri: 'file:///scripts/1.py' },
    ];
    expect(workspaceTextEdits({ documentChanges })).to.deep.equal(expected);
  });
});
