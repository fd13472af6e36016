/** Applies the person's editor settings to every editor, open or future. */
import * as monaco from 'monaco-editor/editor';
import { defaultEditorSettings, type EditorSettings } from '../settings/editor-settings.ts';
import type { OverflowLayer } from './overflow-layer.ts';

let current: EditorSettings = defaultEditorSettings;

/** Changes every open editor, and the initial settings of new ones. */
export function applySettings(settings: EditorSettings): void {
  current = settings;
  for (const editor of monaco.editor.getEditors()) editor.updateOptions(fontOptions());
  for (const model of monaco.editor.getModels()) model.updateOptions(indentation());
}

/** The options of a new editor with its own overflow layer. */
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
    // Python does not treat U+2028 and the like as line breaks, so do not offer to remove them.
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
