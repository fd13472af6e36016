/** The engine in the status bar. A click explains why this one is in use and what the others would need. */
import { Dialog, ReactWidget, showDialog, UseSignal } from '@jupyterlab/apputils';
import type { Engines } from '@ved/runner/contract';
import type { EngineModel } from './engine-model.ts';
import type { ImportModel } from './import-model.ts';
import { interpreterWords } from './interpreter-words.ts';
import { ImportsOfScript } from './missing-imports.tsx';

/** `docker · cpython-3.14`, progress, or that there is no engine; with imports that the script in the editor is missing. */
function statusText(engines: Engines, missing: readonly { readonly module: string }[]): string {
  if (engines.progress) {
    const { text, fraction } = engines.progress;
    return fraction === null ? text : `${text} ${Math.round(fraction * 100)} %`;
  }
  const active = engines.engines.find((engine) => engine.active);
  if (!active) return 'No engine';
  const [first, second] = missing;
  const note = second ? ` · ${missing.length} imports missing` : first ? ` · ${first.module} is missing` : '';
  return `${active.id} · ${active.interpreter}${note}`;
}

export class EngineStatus extends ReactWidget {
  constructor(
    private readonly model: EngineModel,
    private readonly imports: ImportModel,
  ) {
    super();
    this.addClass('ved-EngineStatus');
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this.model.changed}>{() => <UseSignal signal={this.imports.changed}>{() => this.button()}</UseSignal>}</UseSignal>
    );
  }

  private button(): JSX.Element {
    const { engines } = this.model;
    if (!engines) return <span />;
    return (
      <button type="button" className="ved-StatusButton" title={engines.why} onClick={() => void this.explain()}>
        {statusText(engines, this.imports.current?.missing ?? [])}
      </button>
    );
  }

  private async explain(): Promise<void> {
    await this.model.refresh();
    if (!this.model.engines) return;
    await showDialog({
      title: 'Where Scripts Run',
      body: ReactWidget.create(<EngineFacts engines={this.model.engines} imports={this.imports} />),
      buttons: [Dialog.okButton({ label: 'Close' })],
    });
  }
}

function EngineFacts({ engines, imports }: { engines: Engines; imports: ImportModel }): JSX.Element {
  return (
    <div className="ved-EngineFacts">
      <ImportsOfScript imports={imports} />
      <p>{engines.why}</p>
      {engines.engines.map((engine) => (
        <section key={engine.id}>
          <h3>
            {engine.id}
            {engine.active ? ': in use' : ''}
          </h3>
          {engine.available ? (
            <>
              <p>{engine.isolation}</p>
              <h4>Interpreters</h4>
              <ul aria-label={`Interpreters of ${engine.id}`} className="ved-EngineFacts-interpreters">
                {engine.interpreters.map((each, index) => (
                  <li key={each.name}>
                    <strong>{each.name}</strong>: {interpreterWords(each)}
                    {index === 0 && engine.interpreters.length > 1 ? ', the default' : ''}
                  </li>
                ))}
              </ul>
              <h4>Limits</h4>
              <ul>
                {engine.limitations.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            </>
          ) : (
            <p>Not available: {engine.reason}</p>
          )}
        </section>
      ))}
      <p>Configured: VED_RUNNER={engines.requested}</p>
    </div>
  );
}
