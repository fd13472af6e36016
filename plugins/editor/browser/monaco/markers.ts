/** What is wrong in the open scripts, for the Problems panel. */
import * as monaco from 'monaco-editor/editor';
import { keyOfUri } from '../documents/script-uri.ts';
import type { Problem, Severity } from '../problems/problem.ts';

const severities = new Map<monaco.MarkerSeverity, Severity>([
  [monaco.MarkerSeverity.Error, 'error'],
  [monaco.MarkerSeverity.Warning, 'warning'],
  [monaco.MarkerSeverity.Info, 'info'],
]);

/** Calls back with every problem, now and at each change. Hints (unused code that is greyed) are none. */
export function watchMarkers(listener: (problems: Problem[]) => void): monaco.IDisposable {
  const tell = () => listener(monaco.editor.getModelMarkers({}).flatMap(toProblem));
  tell();
  return monaco.editor.onDidChangeMarkers(tell);
}

function toProblem(marker: monaco.editor.IMarker): Problem[] {
  const severity = severities.get(marker.severity);
  const key = keyOfUri(marker.resource);
  if (!severity || key === null) return [];
  const rule = typeof marker.code === 'object' ? marker.code.value : (marker.code ?? null);
  return [{ key, severity, message: marker.message, rule, line: marker.startLineNumber, column: marker.startColumn }];
}
