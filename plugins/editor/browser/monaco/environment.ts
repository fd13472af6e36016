/** Sets Monaco up for this page: its features, its worker, and the keys that belong to the workspace. */
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import './features.ts';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

const { KeyCode, KeyMod } = monaco;
/** Keys that Monaco binds but the workspace needs: run draft, run prod, inline edit, next and previous problem. */
const workspaceKeys = [
  KeyMod.CtrlCmd | KeyCode.Enter,
  KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter,
  KeyMod.CtrlCmd | KeyCode.KeyI,
  KeyCode.F8,
  KeyMod.Shift | KeyCode.F8,
];
monaco.editor.addKeybindingRules(workspaceKeys.map((keybinding) => ({ keybinding, command: null })));
