/** The person's editor settings, on every editor there is and will be. */
import * as monaco from 'monaco-editor/editor';
import { defaultEditorSettings, type EditorSettings } from '../settings/editor-settings.ts';

let current: EditorSettings = defaultEditorSettings;

/** Changes every open editor, and what new ones begin with. */
export function applySettings(settings: EditorSettings): void {
  current = settings;
  for (const editor of monaco.editor.getEditors()) editor.updateOptions(fontOptions());
  for (const model of monaco.editor.getModels()) model.updateOptions(indentation());
}

/** Suggestions and hovers live in a layer on the body: the dock panel would clip them. */
function overflowLayer(): HTMLElement {
  const existing = document.getElementById('ved-editor-overflow');
  if (existing) return existing;
  const layer = document.createElement('div');
  layer.id = 'ved-editor-overflow';
  layer.className = 'monaco-editor ved-EditorOverflow';
  document.body.append(layer);
  return layer;
}

/** What a new editor is made with. */
export function editorOptions(): monaco.editor.IStandaloneEditorConstructionOptions {
  return {
    ...fontOptions(),
    automaticLayout: false,
    fixedOverflowWidgets: true,
    overflowWidgetsDomNode: overflowLayer(),
    scrollBeyondLastLine: false,
    padding: { top: 6 },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    renderLineHighlightOnlyWhenFocus: true,
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
