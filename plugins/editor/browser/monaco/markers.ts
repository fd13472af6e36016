/** The problems of the open scripts, for the Problems panel. */
import * as monaco from 'monaco-editor/editor';
import { keyOfUri } from '../documents/script-uri.ts';
import type { Problem, Severity } from '../problems/problem.ts';

const severities = new Map<monaco.MarkerSeverity, Severity>([
  [monaco.MarkerSeverity.Error, 'error'],
  [monaco.MarkerSeverity.Warning, 'warning'],
  [monaco.MarkerSeverity.Info, 'info'],
]);

/** Calls back with all problems, now and on each change. Hints (greyed-out unused code) are not problems. */
export function watchMarkers(listener: (problems: Problem[]) => void): monaco.IDisposable {
  const notify = () => listener(monaco.editor.getModelMarkers({}).flatMap(toProblem));
  notify();
  return monaco.editor.onDidChangeMarkers(notify);
}

function toProblem(marker: monaco.editor.IMarker): Problem[] {
  const severity = severities.get(marker.severity);
  const key = keyOfUri(marker.resource);
  if (!severity || key === null) return [];
  const rule = typeof marker.code === 'object' ? marker.code.value : (marker.code ?? null);
  return [{ key, severity, message: marker.message, rule, line: marker.startLineNumber, column: marker.startColumn }];
}
