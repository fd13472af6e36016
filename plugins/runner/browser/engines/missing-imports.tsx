/** Which imports of a script would fail in its next run, with the lines that declare the missing packages. */
import { UseSignal } from '@jupyterlab/apputils';
import type { ImportModel } from './import-model.ts';

export interface ImportsOfScriptProps {
  readonly imports: ImportModel;
  /** Shows only this script's imports; if left out, those of whichever script is in the editor. */
  readonly scriptId?: number;
}

export function ImportsOfScript({ imports, scriptId }: ImportsOfScriptProps): JSX.Element {
  return (
    <UseSignal signal={imports.changed}>
      {() => {
        const { current } = imports;
        if (!current || current.missing.length === 0) return null;
        if (scriptId !== undefined && current.editor.scriptId !== scriptId) return null;
        return (
          <section className="ved-MissingImports" aria-label="Missing imports">
            <p>
              {current.editor.title} imports modules that {current.interpreter} does not have:
            </p>
            <ul>
              {current.missing.map(({ module, line, reason }) => (
                <li key={module}>
                  {/* No link in a dialog, which keeps the focus. */}
                  {scriptId === undefined ? (
                    `Line ${line}`
                  ) : (
                    <button type="button" className="ved-PassLink" onClick={() => current.editor.revealLine(line)}>
                      Line {line}
                    </button>
                  )}
                  : {reason}
                </li>
              ))}
            </ul>
            {current.advice !== null && <p className="ved-MissingImports-advice">{current.advice}</p>}
            {current.block !== null && (
              <button type="button" className="ved-RunHeader-button" onClick={() => imports.addBlock()}>
                Add these lines
              </button>
            )}
          </section>
        );
      }}
    </UseSignal>
  );
}
