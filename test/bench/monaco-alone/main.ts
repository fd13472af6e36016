/** A page with only Monaco: the same features as in ved's editor, one text. */
import * as monaco from 'monaco-editor/editor';
import '../../../plugins/editor/browser/monaco/environment.ts';

monaco.editor.create(document.getElementById('editor')!, {
  value: 'import sys\n\nprint(sys.argv[1])\n',
  language: 'python',
  automaticLayout: false,
  fixedOverflowWidgets: true,
  scrollBeyondLastLine: false,
});
