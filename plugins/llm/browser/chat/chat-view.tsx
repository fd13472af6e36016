/** A conversation: its questions and answers, and the box for the next prompt. */
import type { ScriptEditor } from '@ved/editor/contract';
import { memo, useCallback, useLayoutEffect, useRef } from 'react';
import type { Chat } from './chat.ts';
import { Composer } from './composer.tsx';
import { TurnView } from './turn-view.tsx';
import { useSignal } from './use-signal.ts';

/** How near to the end a reader must be for the view to follow, in pixels. */
const NEAR_END_PX = 48;

export interface ChatViewProps {
  readonly chat: Chat;
  /** What answers are inserted into; null when no script is open. */
  readonly editor: ScriptEditor | null;
  readonly canInsert: boolean;
  /** The model in use; null until the server has answered. */
  readonly model: string | null;
}

/** Rerendered when the conversation changes, not at every key in the editor. */
export const ChatView = memo(function ChatView({ chat, editor, canInsert, model }: ChatViewProps) {
  useSignal(chat.changed);
  const insert = useCallback((code: string) => editor?.insert(fitted(code, editor.selection)), [editor]);
  const scroller = useFollowedEnd(chat);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <div className="ved-Assistant-turns" ref={scroller} role="log" aria-label="Questions and answers" aria-live="off" tabIndex={0}>
        {chat.turns.length === 0 && <Invitation hasScript={editor !== null} />}
        {chat.turns.map((turn) => (
          <TurnView key={turn.id} turn={turn} chat={chat} asking={chat.asking} onInsert={canInsert ? insert : undefined} />
        ))}
      </div>
      <Composer chat={chat} editor={editor} model={model} />
    </>
  );
});

/** Whole lines are replaced by whole lines. */
function fitted(code: string, selection: string): string {
  return selection.endsWith('\n') ? `${code}\n` : code;
}

function Invitation({ hasScript }: { readonly hasScript: boolean }): JSX.Element {
  return (
    <p className="ved-Assistant-invitation">
      {hasScript
        ? 'Ask about this script. Its current text is sent with your question.'
        : 'Ask anything about Python. Open a script to ask about it.'}{' '}
      You can preview what is sent, and nothing changes without your click.
    </p>
  );
}

/** Keeps the end in view while an answer grows, unless the reader has scrolled up; a new question always shows. */
function useFollowedEnd(chat: Chat): React.RefObject<HTMLDivElement> {
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useRef({ chat, turns: 0, height: 0 });
  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node) return;
    const before = seen.current;
    const isNew = before.chat !== chat || before.turns !== chat.turns.length;
    const wasAtEnd = before.height - node.scrollTop - node.clientHeight < NEAR_END_PX;
    if (isNew || wasAtEnd) node.scrollTop = node.scrollHeight;
    seen.current = { chat, turns: chat.turns.length, height: node.scrollHeight };
  });
  return scroller;
}
