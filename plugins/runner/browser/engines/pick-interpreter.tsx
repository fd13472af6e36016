/** Asks which interpreter to run on, and lists what scripts cannot do on the engine. */
import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { focusAtFirst } from '@ved/core/browser';
import type { Engines } from '@ved/runner/contract';
import { interpreterWords } from './interpreter-words.ts';

/** The name that was picked, or null. */
export async function pickInterpreter(engine: Engines['engines'][number]): Promise<string | null> {
  const body = new InterpreterChoice(engine);
  const { button, value } = await showDialog({
    title: 'Run Draft With',
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Run' })],
    focusNodeSelector: 'input:checked',
  });
  return button.accept ? value : null;
}

class InterpreterChoice extends ReactWidget implements Dialog.IBodyWidget<string> {
  private picked: string;

  constructor(private readonly engine: Engines['engines'][number]) {
    super();
    this.addClass('ved-PickInterpreter');
    this.picked = engine.interpreters[0]!.name;
  }

  getValue(): string {
    return this.picked;
  }

  protected override render(): JSX.Element {
    const { interpreters, limitations, id } = this.engine;
    return (
      <>
        <div role="radiogroup" aria-label="Interpreter">
          {interpreters.map((each, index) => (
            <label key={each.name} className={each.state === 'ready' ? '' : 'ved-mod-notReady'}>
              <input
                ref={index === 0 ? focusAtFirst : undefined}
                type="radio"
                name="ved-interpreter"
                value={each.name}
                defaultChecked={index === 0}
                disabled={each.state !== 'ready'}
                onChange={() => {
                  this.picked = each.name;
                }}
              />
              <span>
                <strong>{each.name}</strong>
                {index === 0 ? ' (default)' : ''}
                <small>{interpreterWords(each)}</small>
              </span>
            </label>
          ))}
        </div>
        <details>
          <summary>What scripts cannot do on {id}</summary>
          <ul>
            {limitations.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </details>
      </>
    );
  }
}
