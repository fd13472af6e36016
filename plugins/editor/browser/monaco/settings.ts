/** The person's editor settings, on every editor there is and will be. */
import * as monaco from 'monaco-editor/editor';
import { defaultEditorSettings, type EditorSettings } from '../settings/editor-settings.ts';
import type { OverflowLayer } from './overflow-layer.ts';

let current: EditorSettings = defaultEditorSettings;

/** Changes every open editor, and what new ones begin with. */
export function applySettings(settings: EditorSettings): void {
  current = settings;
  for (const editor of monaco.editor.getEditors()) editor.updateOptions(fontOptions());
  for (const model of monaco.editor.getModels()) model.updateOptions(indentation());
}

/** What a new editor is made with, over its own layer. */
export function editorOptions(layer: OverflowLayer): monaco.editor.IStandaloneEditorConstructionOptions {
  return {
    ...fontOptions(),
    automaticLayout: false,
    fixedOverflowWidgets: true,
    overflowWidgetsDomNode: layer.node,
    scrollBeyondLastLine: false,
    padding: { top: 6 },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    renderLineHighlightOnlyWhenFocus: true,
    // U+2028 and its like are within a line, as Python reads them; to ask on opening whether to take them out would change the text.
    unusualLineTerminators: 'off',
  };
}

/** For a model. */
export function indentation(): monaco.editor.ITextModelUpdateOptions {
  return { tabSize: current.tabSize, insertSpaces: current.insertSpaces };
}

function fontOptions(): monaco.editor.IEditorOptions {
  return {
    fontSize: current.fontSize,
    fontFamily: current.fontFamily || getComputedStyle(document.body).getPropertyValue('--jp-code-font-family'),
    wordWrap: current.wordWrap ? 'on' : 'off',
    minimap: { enabled: current.minimap },
    lineNumbers: current.lineNumbers ? 'on' : 'off',
    rulers: [...current.rulers],
    renderWhitespace: current.renderWhitespace,
  };
}
