/** Monaco knows only one editor, so a definition in another file must be shown by the caller. */
import * as monaco from 'monaco-editor/editor';

/** Calls back with the file's URI and the line; the listener shows it. */
export function onOpenOtherFile(listener: (uri: string, line: number) => void): monaco.IDisposable {
  return monaco.editor.registerEditorOpener({
    openCodeEditor(source, resource, selectionOrPosition) {
      const model = monaco.editor.getModel(resource);
      // Monaco navigates within one file itself.
      if (!model || model === source.getModel()) return false;
      listener(resource.toString(), lineOf(selectionOrPosition));
      return true;
    },
  });
}

function lineOf(target: monaco.IRange | monaco.IPosition | undefined): number {
  if (!target) return 1;
  return 'startLineNumber' in target ? target.startLineNumber : target.lineNumber;
}
