/** The box for the prompt: what goes along, how big it is, and the buttons to look at it and to ask. */
import type { ScriptEditor } from '@ved/editor/contract';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { sizeText } from '../cost-text.ts';
import type { Chat } from './chat.ts';
import { showPreview } from './preview-dialog.tsx';

export interface ComposerProps {
  readonly chat: Chat;
  readonly editor: ScriptEditor | null;
  readonly model: string | null;
}

/** Lines that the box grows to before it scrolls. */
const MAX_ROWS = 12;

export function Composer({ chat, editor, model }: ComposerProps): JSX.Element {
  const id = useId();
  const empty = chat.prompt.trim() === '';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    // Elsewhere in the workspace the same keys run the script.
    event.preventDefault();
    event.stopPropagation();
    void chat.ask();
  };
  return (
    <form
      className="ved-Composer"
      aria-label="Prompt"
      onSubmit={(event) => {
        event.preventDefault();
        void chat.ask();
      }}
    >
      <textarea
        className="jp-mod-styled"
        aria-label="Prompt"
        placeholder={editor ? 'Ask about this script…' : 'Ask…'}
        value={chat.prompt}
        rows={Math.min(Math.max(3, chat.prompt.split('\n').length), MAX_ROWS)}
        onChange={(event) => {
          chat.prompt = event.target.value;
        }}
        onKeyDown={onKeyDown}
      />
      <div className="ved-Composer-context">
        {editor && (
          <>
            <input
              id={id}
              type="checkbox"
              checked={chat.withScript}
              onChange={(event) => {
                chat.withScript = event.target.checked;
              }}
            />
            <label htmlFor={id}>
              Send the script <ContextSize editor={editor} />
            </label>
          </>
        )}
        <button
          type="button"
          className="ved-Assistant-link"
          disabled={empty}
          title="Exactly what would leave this machine; nothing is sent"
          onClick={() => void showPreview(chat.request())}
        >
          Preview
        </button>
      </div>
      <div className="ved-Composer-actions">
        <span className="ved-Composer-model" title={model ? `The model that is asked: ${model}` : undefined}>
          {model}
        </span>
        {chat.asking ? (
          <button key="stop" type="button" className="jp-mod-styled ved-Button" onClick={() => chat.stop()}>
            Stop
          </button>
        ) : (
          <button key="ask" type="submit" className="jp-mod-styled jp-mod-accept ved-Button" disabled={empty} title="Ask (Ctrl+Enter)">
            Ask
          </button>
        )}
      </div>
    </form>
  );
}

/** Measuring a long text at every key would be felt. */
const MEASURE_AFTER_MS = 250;

/** `4.2 KiB, with unsaved changes`. */
function ContextSize({ editor }: { readonly editor: ScriptEditor }): JSX.Element {
  const [text, setText] = useState(() => contextText(editor));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measureSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setText(contextText(editor)), MEASURE_AFTER_MS);
    };
    setText(contextText(editor));
    editor.changed.connect(measureSoon);
    return () => {
      clearTimeout(timer);
      editor.changed.disconnect(measureSoon);
    };
  }, [editor]);
  return <span className="ved-Composer-size">{text}</span>;
}

function contextText(editor: ScriptEditor): string {
  return `${sizeText(new Blob([editor.text]).size)}${editor.dirty ? ', with unsaved changes' : ''}`;
}
