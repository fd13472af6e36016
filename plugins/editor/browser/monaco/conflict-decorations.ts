/** The colours of an unresolved conflict: its markers, our lines, the base's, theirs. */

import type { MarkedConflict } from '@ved/core/text';
import * as monaco from 'monaco-editor/editor';

export function conflictDecorations(conflict: MarkedConflict): monaco.editor.IModelDeltaDecoration[] {
  const oursEnd = conflict.startLine + conflict.ours.length;
  const baseEnd = oursEnd + 1 + conflict.base.length;
  return [
    stripe(conflict.startLine, conflict.startLine, 'ved-mod-marker'),
    stripe(conflict.startLine + 1, oursEnd, 'ved-mod-ours'),
    stripe(oursEnd + 1, baseEnd, 'ved-mod-base'),
    stripe(baseEnd + 1, baseEnd + 1, 'ved-mod-marker'),
    stripe(baseEnd + 2, conflict.endLine - 1, 'ved-mod-theirs'),
    stripe(conflict.endLine, conflict.endLine, 'ved-mod-marker'),
  ].flat();
}

function stripe(startLine: number, endLine: number, className: string): monaco.editor.IModelDeltaDecoration[] {
  if (endLine < startLine) return [];
  const options = { isWholeLine: true, className: `ved-MarkedConflict ${className}` };
  return [{ range: new monaco.Range(startLine, 1, endLine, 1), options }];
}
