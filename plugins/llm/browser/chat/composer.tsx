/** The box for the prompt: what is sent with it, how large that is, and the buttons to preview and to ask. */
import type { ScriptEditor } from '@ved/editor/contract';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import type { QuestionSubject } from '../../contract/index.ts';
import { sizeText } from '../cost-text.ts';
import type { Chat } from './chat.ts';
import { showPreview } from './preview-dialog.tsx';
import { useSignal } from './use-signal.ts';

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
    // Elsewhere in the workspace these keys run the script.
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
      {chat.suggested && <SuggestionNote chat={chat} about={chat.suggested} editor={editor} />}
      <div className="ved-Composer-context">
        {(editor || chat.suggested) && (
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
              {chat.suggested ? (
                <>
                  Send {chat.suggested.codeName} <span className="ved-Composer-size">{bytesText(chat.suggested.code)}</span>
                </>
              ) : (
                <>Send the script {editor && <ContextSize editor={editor} />}</>
              )}
            </label>
          </>
        )}
        <button
          type="button"
          className="ved-Assistant-link"
          disabled={empty}
          title="Show exactly what would be sent, without sending it"
          onClick={() => void showPreview(chat.request())}
        >
          Preview
        </button>
      </div>
      <div className="ved-Composer-actions">
        <span className="ved-Composer-model" title={model ? `Model: ${model}` : undefined}>
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

/** Says which text the prompt is about, and whether the script has changed since. */
function SuggestionNote({ chat, about, editor }: { chat: Chat; about: QuestionSubject; editor: ScriptEditor | null }): JSX.Element {
  useSignal(editor?.changed);
  const changed = editor !== null && withoutReturns(editor.text) !== withoutReturns(about.code);
  return (
    <p className="ved-Composer-note" role="status">
      This question is about {about.codeName} of {about.scriptName}.
      {!about.scriptExists && ' The script was deleted, but its text will be sent.'}
      {changed && ' The script has changed since. The text that ran will be sent, not what is in the editor.'}
      {changed && (
        <button type="button" className="ved-Assistant-link" onClick={() => chat.sendCurrentText()}>
          Send the editor's text instead
        </button>
      )}
      <button type="button" className="ved-Assistant-link" onClick={() => chat.dropSuggestion()}>
        Discard question
      </button>
    </p>
  );
}

/** Measuring a long text at every key would be noticeable. */
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
  return `${bytesText(editor.text)}${editor.dirty ? ', with unsaved changes' : ''}`;
}

function bytesText(text: string): string {
  return sizeText(new Blob([text]).size);
}

/** An editor may have other line endings than the file. */
function withoutReturns(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
