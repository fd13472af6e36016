/** Asks how the whole queue is to run: what happens after a failure, and which test data the scripts get. */

import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { TEST_DATA_LIMIT_BYTES } from '@ved/catalog/contract';
import { focusAtFirst, PanelAction, Upload, UploadCard, uploadHandlers } from '@ved/core/browser';
import type { OnFailure } from '@ved/runner/contract';
import { useRef, useState } from 'react';

export interface PassWish {
  readonly on_failure?: OnFailure;
  /** Left out, each script gets its own. */
  readonly test_data?: string;
}

/** As ▶▶ runs it. */
const WISH_AT_FIRST: PassWish = { on_failure: 'continue' };

/** What the person wants, or null when they think better of it. */
export async function askForPass(): Promise<PassWish | null> {
  const { button, value } = await showDialog({
    title: 'Run the queue with',
    body: new PassChoice(),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Run the queue' })],
    focusNodeSelector: 'input:checked',
  });
  return button.accept ? value : null;
}

class PassChoice extends ReactWidget implements Dialog.IBodyWidget<PassWish> {
  #wish = WISH_AT_FIRST;

  constructor() {
    super();
    this.addClass('ved-AskForPass');
  }

  getValue(): PassWish {
    return this.#wish;
  }

  protected override render(): JSX.Element {
    return (
      <PassForm
        onChange={(wish) => {
          this.#wish = wish;
        }}
      />
    );
  }
}

function PassForm({ onChange }: { onChange(wish: PassWish): void }): JSX.Element {
  const [wish, setWish] = useState(WISH_AT_FIRST);
  // Kept while the other choice is looked at.
  const [text, setText] = useState('');
  const { test_data, ...withoutData } = wish;
  const change = (next: PassWish) => {
    setWish(next);
    onChange(next);
  };
  const type = (data: string) => {
    setText(data);
    change({ ...wish, test_data: data });
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
          isChosen={wish.on_failure === 'continue'}
          onChoose={() => change({ ...wish, on_failure: 'continue' })}
          label="Go on"
          hasFocusAtFirst
        >
          The groups after it run all the same.
        </Choice>
        <Choice name="failure" isChosen={wish.on_failure === 'stop'} onChoose={() => change({ ...wish, on_failure: 'stop' })} label="Stop">
          Its own group runs to the end; the groups after it are left out.
        </Choice>
      </fieldset>
      <fieldset>
        <legend>Test data</legend>
        <Choice name="data" isChosen={test_data === undefined} onChoose={() => change(withoutData)} label="Each script its own">
          As it is kept beside the script.
        </Choice>
        <Choice
          name="data"
          isChosen={test_data !== undefined}
          onChoose={() => change({ ...wish, test_data: text })}
          label="The same for every script"
        >
          For this pass only; nothing that is kept changes.
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
  /** What it means. */
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
