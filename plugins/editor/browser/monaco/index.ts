/** What the lazily loaded chunk exports. */
import './environment.ts';

export { CodeView } from './code-view.ts';
export { ConflictView } from './conflict-view.ts';
export { DiffView } from './diff-view.ts';
export { watchMarkers } from './markers.ts';
export { onOpenOtherFile } from './other-files.ts';
export { createScriptBuffer, createTextBuffer, findBuffer } from './script-buffer.ts';
export { applySettings } from './settings.ts';
export { applyTheme } from './theme.ts';
