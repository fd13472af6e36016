/** Asks how to run the whole queue: what happens after a failure, and which test data the scripts get. */

import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { TEST_DATA_LIMIT_BYTES } from '@ved/catalog/contract';
import { focusAtFirst, PanelAction, Upload, UploadCard, uploadHandlers } from '@ved/core/browser';
import type { OnFailure } from '@ved/runner/contract';
import { useRef, useState } from 'react';

export interface PassOptions {
  readonly on_failure?: OnFailure;
  /** If left out, each script gets its own. */
  readonly test_data?: string;
}

/** What ▶▶ uses. */
const DEFAULT_OPTIONS: PassOptions = { on_failure: 'continue' };

/** Null when the person cancels. */
export async function askForPass(): Promise<PassOptions | null> {
  const { button, value } = await showDialog({
    title: 'Run the Queue With',
    body: new PassChoice(),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Run the queue' })],
    focusNodeSelector: 'input:checked',
  });
  return button.accept ? value : null;
}

class PassChoice extends ReactWidget implements Dialog.IBodyWidget<PassOptions> {
  private options = DEFAULT_OPTIONS;

  constructor() {
    super();
    this.addClass('ved-AskForPass');
  }

  getValue(): PassOptions {
    return this.options;
  }

  protected override render(): JSX.Element {
    return (
      <PassForm
        onChange={(options) => {
          this.options = options;
        }}
      />
    );
  }
}

function PassForm({ onChange }: { onChange(options: PassOptions): void }): JSX.Element {
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  // Survives switching to the other choice and back.
  const [text, setText] = useState('');
  const { test_data, ...withoutData } = options;
  const change = (next: PassOptions) => {
    setOptions(next);
    onChange(next);
  };
  const type = (data: string) => {
    setText(data);
    change({ ...options, test_data: data });
  };
  const typing = useRef(type);
  typing.current = type;
  const [upload] = useState(() => new Upload({ limitBytes: TEST_DATA_LIMIT_BYTES, take: (data) => typing.current(data) }));
  return (
    <>
      <fieldset>
        <legend>When a script fails</legend>
        <Choice
          name="failure"
          isChosen={options.on_failure === 'continue'}
          onChoose={() => change({ ...options, on_failure: 'continue' })}
          label="Continue"
          hasFocusAtFirst
        >
          Later groups still run.
        </Choice>
        <Choice
          name="failure"
          isChosen={options.on_failure === 'stop'}
          onChoose={() => change({ ...options, on_failure: 'stop' })}
          label="Stop"
        >
          The rest of its group finishes; later groups do not run.
        </Choice>
      </fieldset>
      <fieldset>
        <legend>Test data</legend>
        <Choice name="data" isChosen={test_data === undefined} onChoose={() => change(withoutData)} label="Each script's own">
          The test data saved with each script.
        </Choice>
        <Choice
          name="data"
          isChosen={test_data !== undefined}
          onChoose={() => change({ ...options, test_data: text })}
          label="The same for every script"
        >
          For this pass only; saved test data does not change.
        </Choice>
        {test_data !== undefined && (
          <div className="ved-AskForPass-data" {...uploadHandlers(upload, null)}>
            <PanelAction onClick={() => void upload.choose()}>Load a file…</PanelAction>
            <UploadCard upload={upload} />
            <textarea
              className="jp-mod-styled"
              aria-label="Test data for every script"
              rows={6}
              spellCheck={false}
              value={test_data}
              // biome-ignore lint/a11y/noAutofocus: it appears because the person has just asked for it
              autoFocus
              onChange={({ target }) => type(target.value)}
            />
          </div>
        )}
      </fieldset>
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly isChosen: boolean;
  readonly hasFocusAtFirst?: boolean;
  /** The explanation below the label. */
  readonly children: string;
  onChoose(): void;
}

function Choice({ name, label, isChosen, hasFocusAtFirst, children, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label>
      <input
        ref={hasFocusAtFirst ? focusAtFirst : undefined}
        type="radio"
        name={`ved-pass-${name}`}
        checked={isChosen}
        onChange={onChoose}
      />
      <span>
        <strong>{label}</strong>
        <small>{children}</small>
      </span>
    </label>
  );
}
